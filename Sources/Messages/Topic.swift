/// What a message is about: `source:class`, as in `repo:acme/app/issues/opened`.
///
/// `source` is the mailbox that the message came in by, `class` what the adapter says it is.
public struct Topic: Sendable, Hashable {
    /// The most bytes of UTF-8 a class has.
    public static let maximumClassLength = 512
    /// The most segments a class has.
    public static let maximumSegments = 32

    /// The mailbox that the message came in by.
    public let source: String
    /// The class, its segments parted by `/`.
    public let `class`: String

    /// Creates a topic from its parts.
    ///
    /// - Throws: ``MessageError/badTopic(text:offset:reason:)`` when the parts make no topic.
    public init(source: String, class: String) throws(MessageError) {
        let text = "\(source):\(`class`)"
        try self.init(parsing: text)
        // A ":" inside the source would have moved the border.
        guard self.source == source else {
            throw .badTopic(text: text, offset: self.source.utf8.count, reason: "a source has no \":\"")
        }
    }

    /// Parses a topic.
    ///
    /// - Throws: ``MessageError/badTopic(text:offset:reason:)`` with the offset of the first wrong character.
    public init(parsing text: String) throws(MessageError) {
        func fault(_ offset: Int, _ reason: String) -> MessageError {
            .badTopic(text: text, offset: offset, reason: reason)
        }
        let (source, segments) = try TopicSyntax.split(text, fault: fault)
        if let (offset, reason) = MailboxName.fault(in: source) { throw fault(offset, reason) }
        for segment in segments {
            guard let star = segment.bytes.firstIndex(of: UInt8(ascii: "*")) else { continue }
            let offset = segment.bytes.distance(from: segment.bytes.startIndex, to: star)
            throw fault(segment.offset + offset, "\"*\" belongs to topic patterns")
        }
        self.source = String(Substring(source))
        self.class = String(Substring(text[...].utf8.suffix(from: text.utf8.index(after: source.endIndex))))
    }

    /// The segments of the class.
    public var segments: [Substring] {
        // By bytes: a mark that combines with "/" makes another character of it, but parts segments all the same.
        `class`.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Substring.init)
    }

    /// Makes one or more class segments of any text: what a class cannot hold becomes `-`, empty segments go.
    ///
    /// Returns `fallback` when nothing is left.
    public static func sanitizedClass(_ text: String, fallback: String) -> String {
        let cleaned = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control || scalar == "*" ? "-" : scalar
        }
        let segments = cleaned.split(separator: "/").prefix(maximumSegments).map { segment in
            var text = String.UnicodeScalarView()
            text.append(contentsOf: segment)
            return String(text)
        }
        var result = ""
        for segment in segments {
            let next = result.isEmpty ? segment : "\(result)/\(segment)"
            guard next.utf8.count <= maximumClassLength else { break }
            result = next
        }
        return result.isEmpty ? fallback : result
    }
}

extension Topic: CustomStringConvertible {
    /// The topic as it is written everywhere.
    public var description: String { "\(source):\(`class`)" }
}

/// What topics and topic patterns have in common: a source, a colon, and segments.
enum TopicSyntax {
    struct Segment {
        let bytes: Substring.UTF8View
        let offset: Int
    }

    /// Splits at the first colon and at slashes; checks all but the source and the stars.
    static func split(
        _ text: String, fault: (Int, String) -> MessageError
    ) throws(MessageError) -> (source: Substring.UTF8View, segments: [Segment]) {
        let bytes = text[...].utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw fault(bytes.count, "expected \":\" between source and class, as in news:lobsters")
        }
        let start = bytes.distance(from: bytes.startIndex, to: colon) + 1
        let rest = bytes[bytes.index(after: colon)...]
        if let offset = rest.offsetOfControlCharacter { throw fault(start + offset, "a control character") }
        guard rest.count <= Topic.maximumClassLength else {
            throw fault(start + Topic.maximumClassLength, "a class has at most 512 bytes")
        }
        var segments: [Segment] = []
        var offset = start
        for segment in rest.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !segment.isEmpty else { throw fault(offset, "expected a segment of the class") }
            guard segments.count < Topic.maximumSegments else { throw fault(offset, "a class has at most 32 segments") }
            segments.append(Segment(bytes: segment, offset: offset))
            offset += segment.count + 1
        }
        return (bytes[..<colon], segments)
    }
}
