import AdapterKit
import Messages
import Transport

/// What somebody answers on the page, as the user that a message was delivered to.
struct InboxReply: Sendable, Hashable {
    /// The text, as Markdown.
    let text: String
    /// The page's own key, so that a click sent twice is one answer.
    let key: String?

    /// Reads `{"text": …, "key": …}`.
    ///
    /// - Throws: ``InboxRefusal`` with status 400.
    init(parsing body: [UInt8]) throws(InboxRefusal) {
        let json: JSON
        do throws(MessageError) {
            json = try JSON(parsing: body)
        } catch {
            throw InboxRefusal(.badRequest, "\(error)")
        }
        guard let text = json["text"]?.string, !text.allSatisfy(\.isWhitespace) else {
            throw InboxRefusal(.badRequest, "text: expected some")
        }
        self.text = text
        key = json["key"]?.string.flatMap { $0.isEmpty || $0.utf8.count > 100 ? nil : $0 }
    }

    /// The answer on its way into the router, which finds by `in_reply_to` whom it goes to.
    ///
    /// - Throws: `MessageError` when the user is none that a topic can have.
    func arrival(to message: InboxMessage, id: MessageID, now: Timestamp) throws(MessageError) -> Arrival {
        let user = message.recipient
        var envelope = Envelope(
            id: id, time: now, from: user,
            topic: try Topic(source: user.platform, class: Topic.sanitizedClass(user.user, fallback: "reply")),
            subject: message.envelope.subject.map { $0.hasPrefix("Re: ") ? $0 : "Re: \($0)" },
            parts: [.text(text, format: .markdown)])
        envelope.inReplyTo = message.id
        envelope.thread = message.envelope.thread
        envelope.sender = Sender(name: user.user)
        return Arrival(
            envelope: envelope, eventKey: key.map { "reply \(message.id) \($0)" }, remoteID: id.description)
    }
}
