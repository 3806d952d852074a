import Messages

/// One message in an inbox: what was delivered, to whom, and when.
struct InboxMessage: Sendable {
    /// Its id in the inbox: that of the message and the number of the dispatch, so that ids sort by time.
    let id: String
    /// The user it was delivered to.
    let recipient: Address
    /// When it was delivered.
    let delivered: Timestamp
    /// The message.
    let envelope: Envelope

    init(id: String, recipient: Address, delivered: Timestamp, envelope: Envelope) {
        self.id = id
        self.recipient = recipient
        self.delivered = delivered
        self.envelope = envelope
    }

    /// Reads a message from the store.
    ///
    /// - Throws: `MessageError` when the value is none.
    init(id: String, parsing bytes: [UInt8]) throws(MessageError) {
        let json = try JSON(parsing: bytes)
        guard let recipient = json["recipient"]?.string, let delivered = json["delivered"]?.string,
            let envelope = json["envelope"]
        else { throw .badField(path: "envelope", reason: "expected recipient, delivered and envelope") }
        self.init(
            id: id, recipient: try Address(parsing: recipient), delivered: try Timestamp(parsing: delivered),
            envelope: try Envelope(envelope))
    }

    /// The message as JSON, for the store and for the page.
    func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024)
        writer.beginObject()
        writer.name("id")
        writer.string(id)
        writer.name("recipient")
        writer.string(recipient.description)
        writer.name("delivered")
        writer.string(delivered.description)
        writer.name("envelope")
        envelope.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}

/// What a list shows of a message.
struct InboxSummary: Sendable, Hashable {
    /// The message's id in the inbox.
    let id: String
    /// The user it was delivered to.
    let recipient: Address
    /// When it was delivered.
    let delivered: Timestamp
    /// The line of a list, as JSON.
    let line: [UInt8]

    /// The most characters of text that a list shows.
    static let maximumSnippet = 160

    init(_ message: InboxMessage) {
        id = message.id
        recipient = message.recipient
        delivered = message.delivered
        line = Self.line(message)
    }

    private static func line(_ message: InboxMessage) -> [UInt8] {
        let envelope = message.envelope
        var object: JSONObject = [
            "id": .string(message.id),
            "message_id": .string(envelope.id.description),
            "recipient": .string(message.recipient.description),
            "from": .string(envelope.from.description),
            "topic": .string(envelope.topic.description),
            "kind": .string(envelope.kind.rawValue),
            "priority": .string(envelope.priority.rawValue),
            "time": .string(envelope.time.description),
            "delivered": .string(message.delivered.description),
            "snippet": .string(snippet(of: envelope)),
            "attachments": .integer(Int64(envelope.parts.count { $0.type != .text })),
        ]
        if let subject = envelope.subject { object["subject"] = .string(String(subject.prefix(300))) }
        if let name = envelope.sender?.name { object["sender_name"] = .string(String(name.prefix(200))) }
        return JSON.object(object).encoded()
    }

    /// The beginning of the text in one line, without the tags of HTML and the signs of Markdown.
    static func snippet(of envelope: Envelope) -> String {
        var snippet = Snippet(limit: maximumSnippet)
        for part in envelope.parts {
            guard case .text(let text, let format) = part.content else { continue }
            snippet.append(text, format: format)
            if snippet.isFull { break }
        }
        return snippet.text
    }
}
