extension Envelope {
    /// The envelope as compact JSON in UTF-8; empty fields are left out.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        write(to: &writer)
        return writer.bytes
    }

    /// The envelope as a JSON value.
    ///
    /// - Throws: never in practice: what ``encoded()`` writes is JSON.
    public func json() throws(MessageError) -> JSON {
        try JSON(parsing: encoded())
    }

    /// Writes the envelope as a JSON object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("time", time.description)
        writer.member("from", from.description)
        if !to.isEmpty { writer.member("to", to.map(\.description)) }
        writer.member("reply_to", replyTo?.description)
        writer.member("topic", topic.description)
        writer.member("kind", kind.rawValue)
        writer.member("subject", subject)
        writer.name("parts")
        writer.beginArray()
        for part in parts { part.write(to: &writer) }
        writer.endArray()
        writer.member("thread", thread)
        writer.member("in_reply_to", inReplyTo)
        writer.member("parent", parent?.description)
        writer.member("root", root?.description)
        if depth > 0 { writer.member("depth", depth) }
        if let sender { sender.write(to: &writer) }
        writeTables(to: &writer)
        if priority != .normal { writer.member("priority", priority.rawValue) }
        writer.member("not_before", notBefore?.description)
        writer.member("expires", expires?.description)
        writer.member("idempotency_key", idempotencyKey)
        writeHops(to: &writer)
        writer.endObject()
    }

    private func writeTables(to writer: inout JSONWriter) {
        if !headers.isEmpty {
            writer.name("headers")
            writer.beginObject()
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
            writer.endObject()
        }
        if !meta.isEmpty {
            writer.name("meta")
            writer.value(.object(meta))
        }
    }

    private func writeHops(to writer: inout JSONWriter) {
        guard !received.isEmpty else { return }
        writer.name("received")
        writer.beginArray()
        for hop in received {
            writer.beginObject()
            writer.member("router", hop.router)
            writer.member("time", hop.time.description)
            writer.member("by", hop.by)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension Sender {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.name("sender")
        writer.beginObject()
        writer.member("name", name)
        writer.member("avatar", avatar)
        if isAuthenticated { writer.member("authenticated", true) }
        if isAutomatic { writer.member("auto", true) }
        writer.endObject()
    }
}

extension Part {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", type.rawValue)
        writer.member("media_type", mediaType)
        switch content {
        case .text(let text, let format):
            writer.member("name", name)
            writer.member("text", text)
            if format != .plain { writer.member("format", format.rawValue) }
        case .bytes(let bytes):
            writer.member("name", name)
            writer.member("data", Base64.encode(bytes))
        case .value(let value):
            writer.member("name", name)
            writer.name("data")
            writer.value(value)
        case .blob(let blob):
            writer.name("blob")
            writer.beginObject()
            writer.member("sha256", blob.digest)
            writer.member("size", blob.size)
            writer.member("name", name)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        self.name(name)
        string(value)
    }

    fileprivate mutating func member(_ name: String, _ values: [String]) {
        self.name(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    fileprivate mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(Int64(value))
    }

    fileprivate mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        self.value(.bool(value))
    }
}
