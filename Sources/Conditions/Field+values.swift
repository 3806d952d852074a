import Messages

extension Field {
    /// The values the field has in an envelope: none if it is missing, several for parts and lists.
    func values(in envelope: Envelope) -> [FieldValue] {
        switch self {
        case .subject: Self.texts(envelope.subject)
        case .text: envelope.parts.contains { $0.type == .text } ? [.text(envelope.text)] : []
        case .from: [.text(envelope.from.description)]
        case .senderName: Self.texts(envelope.sender?.name)
        case .senderAuthenticated: [.boolean(envelope.sender?.isAuthenticated ?? false)]
        case .senderAutomatic: [.boolean(envelope.isAutomatic)]
        case .kind: [.text(envelope.kind.rawValue)]
        case .priority: [.text(envelope.priority.rawValue)]
        case .topic: [.text(envelope.topic.description)]
        case .thread: Self.texts(envelope.thread)
        case .partType: envelope.parts.map { .text($0.type.rawValue) }
        case .partMediaType: envelope.parts.compactMap { $0.mediaType.map { .text($0.lowercased()) } }
        case .meta(let path): Self.lookUp(path[...], in: envelope.meta).map(Self.values) ?? []
        case .header(let name): Self.headers(name, envelope.headers)
        }
    }

    private static func texts(_ text: String?) -> [FieldValue] { text.map { [.text($0)] } ?? [] }

    private static func headers(_ name: String, _ headers: [String: String]) -> [FieldValue] {
        if let value = headers[name] { return [.text(value)] }
        let folded = name.lowercased()
        return headers.filter { $0.key.lowercased() == folded }.sorted { $0.key < $1.key }.map { .text($0.value) }
    }

    /// The member of that name, dots and all, else the way through nested objects.
    private static func lookUp(_ path: Substring, in object: JSONObject) -> JSON? {
        if let value = object[String(path)] { return value }
        guard let dot = path.firstIndex(of: "."), let inner = object[String(path[..<dot])]?.object else { return nil }
        return lookUp(path[path.index(after: dot)...], in: inner)
    }

    /// The scalars of a value; of a list each element counts, and an object as its JSON.
    private static func values(_ json: JSON) -> [FieldValue] {
        switch json {
        case .null: []
        case .object: [.text(json.description)]
        case .bool(let boolean): [.boolean(boolean)]
        case .integer(let integer): [.integer(integer)]
        case .number(let number): [.number(number)]
        case .string(let text): [.text(text)]
        case .array(let elements): elements.flatMap(values)
        }
    }
}
