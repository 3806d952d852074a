/// What is wrong with a text or a JSON value that should have been part of a message.
///
/// Offsets count UTF-8 bytes from the start of the text.
public enum MessageError: Error, Sendable, Hashable {
    /// The text is no address: `platform:user`, with an optional bang path before it.
    case badAddress(text: String, offset: Int, reason: String)
    /// The text is no topic: `source:class`.
    case badTopic(text: String, offset: Int, reason: String)
    /// The text is no topic pattern: a topic with `*` and `**`.
    case badTopicPattern(text: String, offset: Int, reason: String)
    /// The text is no RFC 3339 date-time.
    case badTimestamp(text: String, offset: Int, reason: String)
    /// The text is no UUID.
    case badMessageID(text: String, offset: Int, reason: String)
    /// The text is no JSON (RFC 8259).
    case badJSON(offset: Int, reason: String)
    /// The JSON is no envelope: `path` names the field, as in `parts[2].type`.
    case badField(path: String, reason: String)
}

extension MessageError {
    /// The reason alone, for messages that must not show the text.
    public var reason: String {
        switch self {
        case .badAddress(_, _, let reason), .badTopic(_, _, let reason), .badTopicPattern(_, _, let reason),
            .badTimestamp(_, _, let reason), .badMessageID(_, _, let reason), .badJSON(_, let reason),
            .badField(_, let reason):
            reason
        }
    }
}

extension MessageError: CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public var description: String {
        switch self {
        case .badAddress(let text, let offset, let reason): Self.located("address", text, offset, reason)
        case .badTopic(let text, let offset, let reason): Self.located("topic", text, offset, reason)
        case .badTopicPattern(let text, let offset, let reason): Self.located("topic pattern", text, offset, reason)
        case .badTimestamp(let text, let offset, let reason): Self.located("time", text, offset, reason)
        case .badMessageID(let text, let offset, let reason): Self.located("message id", text, offset, reason)
        case .badJSON(let offset, let reason): "bad JSON at offset \(offset): \(reason)"
        case .badField(let path, let reason): "\(Self.shown(path)): \(reason)"
        }
    }

    private static func located(_ what: String, _ text: String, _ offset: Int, _ reason: String) -> String {
        "bad \(what) \"\(shown(text))\" at offset \(offset): \(reason)"
    }

    /// Somebody's input as it may stand in a line: cut when it is long, without what moves a cursor or turns text.
    private static func shown(_ text: String) -> String {
        let isLong = text.unicodeScalars.count > 120
        let scalars = text.unicodeScalars.prefix(isLong ? 100 : 120).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
            default: String(scalar)
            }
        }
        return scalars.joined() + (isLong ? "…" : "")
    }
}
