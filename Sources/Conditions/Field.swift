import Messages

/// A part of an envelope that a condition can look at.
enum Field: Sendable, Hashable {
    case id
    case time
    /// When this router took the message.
    case arrived
    case subject
    case text
    case from
    case fromPlatform
    case fromUser
    case to
    case replyTo
    case senderName
    case senderAvatar
    case senderAuthenticated
    case senderAutomatic
    case kind
    case priority
    case topic
    case topicSource
    case topicClass
    case thread
    case inReplyTo
    case parent
    case root
    case depth
    case notBefore
    case expires
    case idempotencyKey
    /// The routers that the message has passed.
    case router
    /// The mailboxes by which it came in there.
    case by
    /// The language of the text: the fact `meta.language`, by its parts.
    case language
    case partType
    case partMediaType
    case partName
    case partSize
    /// A fact from the adapter, by its path.
    case meta(String)
    /// A header, by its name in any case.
    case header(String)

    /// The fields with a name of their own.
    private static let named: [(name: String, field: Field)] = [
        ("id", .id), ("time", .time), ("arrived", .arrived), ("subject", .subject), ("text", .text), ("from", .from),
        ("from.platform", .fromPlatform), ("from.user", .fromUser), ("to", .to), ("reply_to", .replyTo),
        ("sender.name", .senderName), ("sender.avatar", .senderAvatar),
        ("sender.authenticated", .senderAuthenticated), ("sender.auto", .senderAutomatic), ("kind", .kind),
        ("priority", .priority), ("topic", .topic), ("topic.source", .topicSource), ("topic.class", .topicClass),
        ("thread", .thread), ("in_reply_to", .inReplyTo), ("parent", .parent), ("root", .root), ("depth", .depth),
        ("not_before", .notBefore), ("expires", .expires), ("idempotency_key", .idempotencyKey),
        ("received.router", .router), ("received.by", .by), ("language", .language), ("part.type", .partType),
        ("part.media_type", .partMediaType), ("part.name", .partName), ("part.size", .partSize),
    ]

    /// The words that can stand as keys, for suggestions.
    static let names = named.map(\.name)

    /// Finds the field of a key.
    init?(_ name: String) {
        if let known = Self.named.first(where: { $0.name == name }) {
            self = known.field
        } else if name.hasPrefix("meta."), name.utf8.count > 5 {
            self = .meta(String(name.dropFirst(5)))
        } else if name.hasPrefix("headers."), name.utf8.count > 8 {
            self = .header(String(name.dropFirst(8)))
        } else {
            return nil
        }
    }

    /// The key of the field.
    var name: String {
        switch self {
        case .meta(let path): "meta.\(path)"
        case .header(let name): "headers.\(name)"
        default: Self.named.first { $0.field == self }?.name ?? ""
        }
    }

    /// Whether the field holds addresses.
    var isAddress: Bool { self == .from || self == .to || self == .replyTo }

    /// Whether the field holds times.
    var isTime: Bool { [.time, .arrived, .notBefore, .expires].contains(self) }

    /// The only words the field can hold; `nil` for any.
    var words: [String]? {
        switch self {
        case .kind: MessageKind.allCases.map(\.rawValue)
        case .priority: Priority.allCases.map(\.rawValue)
        case .partType: PartType.allCases.map(\.rawValue)
        case .senderAuthenticated, .senderAutomatic: ["true", "false"]
        default: nil
        }
    }
}

/// A value of a field.
enum FieldValue: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case boolean(Bool)
    case time(Timestamp)

    /// The value as a text, to match and to show it.
    var text: String {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        case .time(let time): time.description
        }
    }

    /// The value as a number, if it is one; a text of digits is one too.
    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .text(let text): Double(text)
        case .boolean, .time: nil
        }
    }
}
