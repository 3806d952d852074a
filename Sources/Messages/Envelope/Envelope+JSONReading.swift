extension Envelope {
    /// The most parts, recipients, header fields and hops that an envelope is read with.
    public static let maximumItems = 1_000

    /// The names of the fields, in the order they are written in.
    public static let fieldNames = [
        "id", "time", "from", "to", "reply_to", "topic", "kind", "subject", "parts", "thread", "in_reply_to", "parent",
        "root", "depth", "sender", "headers", "meta", "priority", "not_before", "expires", "idempotency_key",
        "received",
    ]

    /// Parses an envelope from JSON in UTF-8.
    ///
    /// - Throws: ``MessageError`` that names the offset or the field.
    public init(parsing bytes: [UInt8]) throws(MessageError) {
        try self.init(JSON(parsing: bytes))
    }

    /// Reads an envelope from a JSON value; unknown fields are ignored, as a newer router may have written them.
    ///
    /// - Parameters:
    ///   - json: The envelope.
    ///   - template: What stands in for a missing `id`, `time`, `from` and `topic`, and whose other fields are ignored;
    ///     without one they are required.
    /// - Throws: ``MessageError`` that names the field.
    public init(_ json: JSON, template: Envelope? = nil) throws(MessageError) {
        let fields = try FieldReader(json, path: "")
        self.init(
            id: try fields.required("id", or: template?.id, MessageID.init(parsing:)),
            time: try fields.required("time", or: template?.time, Timestamp.init(parsing:)),
            from: try fields.required("from", or: template?.from, Address.init(parsing:)),
            to: try fields.list("to") { (value, path) throws(MessageError) in
                try Address(parsing: FieldReader.string(value, path: path))
            },
            topic: try fields.required("topic", or: template?.topic, Topic.init(parsing:)),
            kind: try fields.choice("kind") ?? .message,
            subject: try fields.string("subject"),
            parts: try fields.list("parts", Part.init)
        )
        replyTo = try fields.parsed("reply_to", Address.init(parsing:))
        thread = try fields.string("thread")
        inReplyTo = try fields.string("in_reply_to")
        parent = try fields.parsed("parent", MessageID.init(parsing:))
        root = try fields.parsed("root", MessageID.init(parsing:))
        depth = try fields.integer("depth", in: 0...1_000) ?? 0
        sender = try fields.object("sender").map { reader throws(MessageError) in try Sender(reader) }
        headers = try fields.strings("headers")
        meta = try fields.object("meta")?.object ?? JSONObject()
        priority = try fields.choice("priority") ?? .normal
        notBefore = try fields.parsed("not_before", Timestamp.init(parsing:))
        expires = try fields.parsed("expires", Timestamp.init(parsing:))
        idempotencyKey = try fields.string("idempotency_key")
        received = try fields.list("received", Hop.init)
    }
}

extension Sender {
    fileprivate init(_ fields: FieldReader) throws(MessageError) {
        self.init(
            name: try fields.string("name"), avatar: try fields.string("avatar"),
            isAuthenticated: try fields.bool("authenticated") ?? false, isAutomatic: try fields.bool("auto") ?? false)
    }
}

extension Hop {
    fileprivate init(_ json: JSON, path: String) throws(MessageError) {
        let fields = try FieldReader(json, path: path)
        self.init(
            router: try fields.required("router") { (text: String) throws(MessageError) in text },
            time: try fields.required("time", Timestamp.init(parsing:)),
            by: try fields.string("by") ?? "")
    }
}

extension Part {
    /// Reads a part from a JSON value; `path` names it in errors, as in `parts[2]`.
    ///
    /// - Throws: ``MessageError/badField(path:reason:)``
    public init(_ json: JSON, path: String) throws(MessageError) {
        let fields = try FieldReader(json, path: path)
        let kind: PartType? = try fields.choice("type")
        guard let type = kind else { throw fields.fault("type", "is missing") }
        let blob = try fields.object("blob")
        let given = ["text", "data", "blob"].filter { fields.object[$0] ?? .null != .null }
        let isNull = given.isEmpty && fields.object["data"] == .null && (type == .data || type == .location)
        guard given.count == 1 || isNull else {
            throw .badField(path: path, reason: "expected one of \"text\", \"data\" and \"blob\", found \(given.count)")
        }
        let blobName = try blob?.string("name")
        let name = try fields.string("name")
        self.init(
            type: type, mediaType: try fields.string("media_type"), name: blobName ?? name,
            content: try Self.content(type, fields, blob))
    }

    private static func content(_ type: PartType, _ fields: FieldReader, _ blob: FieldReader?)
        throws(MessageError) -> PartContent
    {
        if let blob {
            guard let digest = try blob.string("sha256") else { throw blob.fault("sha256", "is missing") }
            guard let size = try blob.integer("size", in: 0...Int.max) else { throw blob.fault("size", "is missing") }
            do {
                return .blob(try BlobReference(digest: digest, size: size))
            } catch .badField(let name, let reason) {
                throw blob.fault(name, reason)
            } catch {
                throw blob.fault("sha256", error.description)
            }
        }
        if let text = try fields.string("text") {
            return .text(text, format: try fields.choice("format") ?? .plain)
        }
        let data = fields.object["data"] ?? .null
        if type == .location || type == .data { return .value(data) }
        guard let bytes = data.string.flatMap(Base64.decode) else {
            throw fields.fault("data", "expected bytes in Base64")
        }
        return .bytes(bytes)
    }
}
