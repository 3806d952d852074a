/// Why a path pattern is malformed.
public enum HTTPPatternError: Error, Sendable, Hashable {
    /// The pattern does not begin with a slash, or has an empty segment.
    case malformed(pattern: String)
    /// A parameter has no name, a name that is no word, or one that occurs twice.
    case invalidParameter(pattern: String, segment: String)
    /// `{name...}` takes the rest of the path, so nothing may follow it.
    case restNotLast(pattern: String)
    /// The endpoint takes another number of values than the pattern has parameters.
    case parameterCount(pattern: String, taken: Int)
}

/// A pattern of paths: `/v1/messages/{id}`, `/in/{mailbox}/{class...}`.
///
/// `{name}` takes one segment that is not empty, `{name...}` all the rest, one segment or more.
public struct HTTPPathPattern: Sendable, Hashable, CustomStringConvertible {
    enum Segment: Hashable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    /// The pattern as it was written.
    public let description: String
    let segments: [Segment]
    /// Where the parameters stand, in their order.
    let places: [PathParameters.Place]

    /// Parses a pattern.
    ///
    /// - Throws: `HTTPPatternError` with what is wrong.
    public init(_ text: String) throws(HTTPPatternError) {
        description = text
        guard text.hasPrefix("/") else { throw .malformed(pattern: text) }
        var segments: [Segment] = []
        var names: Set<String> = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) where text != "/" {
            if case .rest = segments.last { throw .restNotLast(pattern: text) }
            let segment = try Self.segment(String(part), in: text)
            if let name = segment.name, !names.insert(name).inserted {
                throw .invalidParameter(pattern: text, segment: String(part))
            }
            segments.append(segment)
        }
        self.segments = segments
        places = Self.places(of: segments)
    }

    private static func segment(_ part: String, in pattern: String) throws(HTTPPatternError) -> Segment {
        guard !part.isEmpty else { throw .malformed(pattern: pattern) }
        guard part.contains("{") || part.contains("}") else { return .literal(part) }
        var name = part.dropFirst().dropLast()
        let takesRest = name.hasSuffix("...")
        if takesRest { name = name.dropLast(3) }
        let isWord =
            !name.isEmpty
            && name.utf8.allSatisfy { $0 == 0x5F || $0.isHTTPToken && $0 >= 0x30 && $0 != 0x5E && $0 < 0x7B }
        guard part.hasPrefix("{"), part.hasSuffix("}"), isWord else {
            throw .invalidParameter(pattern: pattern, segment: part)
        }
        return takesRest ? .rest(String(name)) : .parameter(String(name))
    }

    private static func places(of segments: [Segment]) -> [PathParameters.Place] {
        segments.enumerated().compactMap { index, segment in
            switch segment {
            case .literal: nil
            case .parameter(let name): PathParameters.Place(name: name, index: index, takesRest: false)
            case .rest(let name): PathParameters.Place(name: name, index: index, takesRest: true)
            }
        }
    }
}

extension HTTPPathPattern.Segment {
    fileprivate var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }
}
