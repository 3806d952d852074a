/// A topic with holes: `*` stands for one segment, `**` for any number of them (none included); `*` as the source
/// stands for every mailbox.
public struct TopicPattern: Sendable, Hashable {
    /// One segment of a pattern.
    public enum Segment: Sendable, Hashable {
        /// This text and no other.
        case literal(String)
        /// Any one segment.
        case one
        /// Any number of segments, none included.
        case any
    }

    /// The mailbox; `nil` for every mailbox.
    public let source: String?
    /// The segments of the class.
    public let segments: [Segment]

    /// Parses a pattern.
    ///
    /// - Throws: ``MessageError/badTopicPattern(text:offset:reason:)`` with the offset of the first wrong character.
    public init(parsing text: String) throws(MessageError) {
        func fault(_ offset: Int, _ reason: String) -> MessageError {
            .badTopicPattern(text: text, offset: offset, reason: reason)
        }
        let (source, parts) = try TopicSyntax.split(text, fault: fault)
        let name = String(Substring(source))
        if name == "*" || name == "**" {
            self.source = nil
        } else {
            if let (offset, reason) = MailboxName.fault(in: source) { throw fault(offset, reason) }
            self.source = name
        }
        var segments: [Segment] = []
        for part in parts {
            switch String(decoding: part.bytes, as: UTF8.self) {
            case "*": segments.append(.one)
            case "**": segments.append(.any)
            case let literal where literal.utf8.contains(UInt8(ascii: "*")):
                throw fault(part.offset, "\"*\" must be a whole segment; use `where` to look inside one")
            case let literal: segments.append(.literal(literal))
            }
        }
        self.segments = segments
    }

    /// Tells whether the topic fits the pattern.
    public func matches(_ topic: Topic) -> Bool {
        guard source == nil || source == topic.source else { return false }
        return Self.matches(segments[...], topic.segments[...])
    }

    /// Greedy matching with one point to fall back to, so that hostile patterns stay quadratic at worst.
    private static func matches(_ pattern: ArraySlice<Segment>, _ segments: ArraySlice<Substring>) -> Bool {
        var position = pattern.startIndex
        var current = segments.startIndex
        var fallback: (pattern: Int, segment: Int)?
        while current < segments.endIndex {
            if position < pattern.endIndex, pattern[position] == .any {
                fallback = (position, current)
                position += 1
            } else if position < pattern.endIndex, pattern[position].matches(segments[current]) {
                position += 1
                current += 1
            } else if let (star, segment) = fallback {
                fallback = (star, segment + 1)
                position = star + 1
                current = segment + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == .any }
    }
}

extension TopicPattern.Segment {
    /// Tells whether this one segment fits; ``any`` fits none by itself.
    fileprivate func matches(_ segment: Substring) -> Bool {
        switch self {
        case .literal(let text): text == segment
        case .one: true
        case .any: false
        }
    }
}

extension TopicPattern: CustomStringConvertible {
    /// The pattern as it is written in routes.yaml.
    public var description: String {
        let parts = segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .one: "*"
            case .any: "**"
            }
        }
        return "\(source ?? "*"):\(parts.joined(separator: "/"))"
    }
}
