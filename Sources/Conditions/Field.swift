import Messages

/// A part of an envelope that a condition can look at.
enum Field: Sendable, Hashable {
    case subject
    case text
    case from
    case senderName
    case senderAuthenticated
    case senderAutomatic
    case kind
    case priority
    case topic
    case thread
    case partType
    case partMediaType
    /// A fact from the adapter, by its path.
    case meta(String)
    /// A header, by its name in any case.
    case header(String)

    /// The fields with a name of their own.
    private static let named: [(name: String, field: Field)] = [
        ("subject", .subject), ("text", .text), ("from", .from), ("sender.name", .senderName),
        ("sender.authenticated", .senderAuthenticated), ("sender.auto", .senderAutomatic), ("kind", .kind),
        ("priority", .priority), ("topic", .topic), ("thread", .thread), ("part.type", .partType),
        ("part.media_type", .partMediaType),
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

    /// The value as a text, to match and to show it.
    var text: String {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        }
    }

    /// The value as a number, if it is one; a text of digits is one too.
    var number: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .text(let text): Double(text)
        case .boolean: nil
        }
    }
}
