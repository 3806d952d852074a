/// Why a path pattern is malformed.
public enum HTTPPatternError: Error, Sendable, Hashable {
    /// The pattern does not begin with a slash, or has an empty segment.
    case malformed(pattern: String)
    /// A parameter has no name, a name that is no word, or one that occurs twice.
    case invalidParameter(pattern: String, segment: String)
    /// `{name...}` takes the rest of the path, so nothing may follow it.
    case restNotLast(pattern: String)
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

    /// The parameters of a path that the pattern covers, or nil.
    func match(_ path: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        var index = 0
        for segment in segments {
            guard index < path.count else { return nil }
            switch segment {
            case .literal(let text):
                guard text == path[index] else { return nil }
            case .parameter(let name):
                guard !path[index].isEmpty else { return nil }
                parameters[name] = path[index]
            case .rest(let name):
                parameters[name] = path[index...].joined(separator: "/")
                return parameters
            }
            index += 1
        }
        return index == path.count ? parameters : nil
    }

    /// Tells whether this pattern says more of a path than the other: at the first difference a literal wins over a
    /// parameter over a rest.
    func isMoreSpecific(than other: HTTPPathPattern) -> Bool {
        for (left, right) in zip(segments, other.segments) where left.rank != right.rank {
            return left.rank < right.rank
        }
        return segments.count > other.segments.count
    }
}

extension HTTPPathPattern.Segment {
    fileprivate var name: String? {
        switch self {
        case .literal: nil
        case .parameter(let name), .rest(let name): name
        }
    }

    fileprivate var rank: Int {
        switch self {
        case .literal: 0
        case .parameter: 1
        case .rest: 2
        }
    }
}
