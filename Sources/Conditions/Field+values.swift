import Messages

extension Field {
    /// The values the field has in an envelope: none if it is missing, several for parts and lists.
    func values(in envelope: Envelope) -> [FieldValue] {
        switch self {
        case .meta(let path): Self.lookUp(path[...], in: envelope.meta).map(Self.values) ?? []
        case .header(let name): Self.headers(name, envelope.headers)
        case .language: Self.lookUp("language", in: envelope.meta).map(Self.values) ?? []
        case .partType, .partMediaType, .partName, .partSize: envelope.parts.compactMap { value(of: $0) }
        case .to: envelope.to.map { .text($0.description) }
        case .router: envelope.received.map { .text($0.router) }
        case .by: envelope.received.map { .text($0.by) }
        default: value(in: envelope).map { [$0] } ?? []
        }
    }

    /// Whether the field is a list in the envelope, so that its values are members of it and not texts of their own.
    func isList(in envelope: Envelope) -> Bool {
        switch self {
        case .to, .router, .by, .partType, .partMediaType, .partName, .partSize: true
        case .meta(let path): if case .array = Self.lookUp(path[...], in: envelope.meta) { true } else { false }
        default: false
        }
    }

    /// The value of a field that has one at most.
    private func value(in envelope: Envelope) -> FieldValue? {
        switch self {
        case .id: .text(envelope.id.description)
        case .subject: envelope.subject.map { .text($0) }
        case .text: envelope.parts.contains { $0.type == .text } ? .text(envelope.text) : nil
        case .from: .text(envelope.from.description)
        case .fromPlatform: .text(envelope.from.platform)
        case .fromUser: .text(envelope.from.user)
        case .replyTo: envelope.replyTo.map { .text($0.description) }
        case .senderName: envelope.sender?.name.map { .text($0) }
        case .senderAvatar: envelope.sender?.avatar.map { .text($0) }
        case .senderAuthenticated: .boolean(envelope.sender?.isAuthenticated ?? false)
        case .senderAutomatic: .boolean(envelope.isAutomatic)
        case .kind: .text(envelope.kind.rawValue)
        case .priority: .text(envelope.priority.rawValue)
        case .topic: .text(envelope.topic.description)
        case .topicSource: .text(envelope.topic.source)
        case .topicClass: .text(envelope.topic.class)
        case .thread: envelope.thread.map { .text($0) }
        case .inReplyTo: envelope.inReplyTo.map { .text($0) }
        case .parent: envelope.parent.map { .text($0.description) }
        case .root: envelope.root.map { .text($0.description) }
        case .depth: .integer(Int64(envelope.depth))
        case .idempotencyKey: envelope.idempotencyKey.map { .text($0) }
        default: time(in: envelope).map { .time($0) }
        }
    }

    private func time(in envelope: Envelope) -> Timestamp? {
        switch self {
        case .time: envelope.time
        case .arrived: envelope.received.last?.time ?? envelope.time
        case .notBefore: envelope.notBefore
        case .expires: envelope.expires
        default: nil
        }
    }

    private func value(of part: Part) -> FieldValue? {
        switch self {
        case .partType: .text(part.type.rawValue)
        case .partMediaType: part.mediaType.map { .text($0.lowercased()) }
        case .partName: part.name.map { .text($0) }
        default: part.size.map { .integer(Int64($0)) }
        }
    }

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

extension Part {
    /// The bytes of the content, wherever they lie; `nil` for a JSON value.
    fileprivate var size: Int? {
        switch content {
        case .text(let text, _): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .value: nil
        case .blob(let blob): blob.size
        }
    }
}
