import Crypto
public import Messages

extension MailEnvelope {
    /// Makes an envelope of a mail's bytes: what `postroad mail` shows and what the mailbox accepts.
    ///
    /// - Throws: ``MailError`` when the bytes are no mail that can be taken.
    public init(
        parsing bytes: [UInt8], facts: MailFacts, id: MessageID, limits: MailLimits = MailLimits()
    ) throws(MailError) {
        try self.init(MailParser.parse(bytes, limits: limits), facts: facts, id: id)
    }

    /// Makes an envelope of a mail that was read.
    ///
    /// - Throws: ``MailError/badEnvelope(reason:)`` when the topic or the digest cannot be made.
    public init(_ mail: ParsedMail, facts: MailFacts, id: MessageID) throws(MailError) {
        var builder = MailPartBuilder()
        for part in mail.parts { try builder.add(part) }
        do {
            envelope = Envelope(
                id: id, time: Self.time(mail.date, receivedAt: facts.receivedAt), from: try Self.sender(mail, facts),
                topic: try Topic(source: facts.mailbox, class: facts.class),
                kind: mail.report == nil ? .message : .event,
                subject: mail.subject, parts: builder.parts)
        } catch {
            throw .badEnvelope(reason: error.description)
        }
        blobs = builder.blobs
        fingerprint = mail.digest.bytes
        // An id that is too long for a key, or none, is replaced by what the mail says (email.md §5).
        let key = mail.messageID.flatMap { $0.utf8.count <= 250 ? $0 : nil } ?? "sha256:\(mail.digest.hex)"
        eventKey = "\(key) \(facts.class)"
        fill(mail, facts)
    }

    private mutating func fill(_ mail: ParsedMail, _ facts: MailFacts) {
        envelope.inReplyTo = mail.inReplyTo.first ?? mail.references.last ?? mail.report?.originalMessageID
        envelope.thread = mail.references.first ?? envelope.inReplyTo ?? mail.messageID
        envelope.sender = Sender(
            name: mail.from?.name, isAuthenticated: facts.user != nil,
            isAutomatic: mail.isAutomatic || facts.hasNullSender || mail.report != nil)
        if let replyTo = mail.replyTo?.normalized, replyTo != envelope.from.user {
            envelope.replyTo = try? Address(platform: facts.mailbox, user: replyTo)
        }
        envelope.headers = MailHeaders.shown(mail.header)
        envelope.meta = MailMeta.object(mail, facts)
        envelope.priority = MailHeaders.priority(mail.header)
    }

    /// The mail's own date, within what can be: not after it came in, not before there was mail.
    private static func time(_ date: Timestamp?, receivedAt: Timestamp) -> Timestamp {
        guard let date else { return receivedAt }
        return min(receivedAt, max(date, Timestamp(seconds: 0)))
    }

    /// The author; without one the envelope sender, and for the null sender the daemon that writes under it.
    private static func sender(_ mail: ParsedMail, _ facts: MailFacts) throws(MessageError) -> Address {
        for candidate in [mail.from?.normalized, facts.returnPath] {
            guard let candidate, let address = try? Address(platform: facts.mailbox, user: candidate) else { continue }
            return address
        }
        let host = facts.hello.flatMap { $0.contains(":") ? nil : $0 } ?? "localhost"
        return try Address(platform: facts.mailbox, user: "mailer-daemon@\(host.lowercased())")
    }
}

extension MailEnvelope {
    /// Makes an envelope of a mail in a file, as if it had come to the recipient it names: what `postroad mail` shows.
    ///
    /// - Throws: ``MailError`` when the bytes are no mail that can be taken.
    public init(
        file bytes: [UInt8], mailbox: String, now: Timestamp, id: MessageID
    ) throws(MailError) {
        let mail = try MailParser.parse(bytes)
        let recipient = (mail.to + mail.cc).first?.normalized
        let name = recipient.map { MailRecipient($0).name } ?? ""
        let returnPath = mail.header["return-path"].flatMap { GMimeSyntax.addresses($0).first?.normalized }
        let facts = MailFacts(
            mailbox: mailbox, class: Topic.sanitizedClass(name, fallback: "mail"), receivedAt: now,
            returnPath: returnPath,
            hasNullSender: mail.header.word("return-path") == "<>", recipients: [recipient].compactMap(\.self))
        try self.init(mail, facts: facts, id: id)
    }
}
