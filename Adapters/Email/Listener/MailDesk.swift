import AdapterKit

/// Sorts mail by mailbox and makes replies of what becomes of it.
struct MailDesk: Sendable {
    /// The mailboxes, in the order of routes.yaml.
    var receivers: [any MailReceiver] = []
    /// The router's name.
    let router: String
    /// SMTP answers once for a mail, LMTP once for each recipient.
    let dialect: SMTPConfiguration.Dialect

    /// Whether somebody takes mail for the recipient.
    func verdict(_ recipient: String) -> RecipientVerdict {
        owner(of: recipient) == nil ? .unknown : .accepted
    }

    /// Hands a mail to the mailboxes of its recipients and gives the replies.
    ///
    /// Over SMTP the worst outcome is told, so that nobody's mail is lost in silence: what can be repeated first, then what
    /// cannot. A repetition finds the part that was accepted as a duplicate.
    func deliver(_ mail: MailTransaction, client: String) async -> [ServerReply] {
        let replies = await outcomes(mail, client: client)
        guard dialect == .smtp else { return replies }
        let worst = replies.first { (400..<500).contains($0.code) } ?? replies.first { $0.code >= 500 } ?? replies.first
        return worst.map { [$0] } ?? []
    }

    private func outcomes(_ mail: MailTransaction, client: String) async -> [ServerReply] {
        let domains = receivers.reduce(into: Set<String>()) { $0.formUnion($1.domains) }
        if let loop = MailLoop.reason(mail.message, router: router, domains: domains) {
            return mail.recipients.map { _ in ServerReply(554, "5.4.6", loop) }
        }
        let owners = mail.recipients.map { owner(of: $0) }
        var replies: [Int: ServerReply] = [:]
        for owner in Set(owners.compactMap(\.self)).sorted() {
            var part = mail
            part.recipients = zip(mail.recipients, owners).filter { $1 == owner }.map { $0.0 }
            replies[owner] = await reply(receivers[owner], IncomingMail(transaction: part, client: client))
        }
        // A mailbox that went away since RCPT is unknown now.
        return owners.map { owner in
            owner.flatMap { replies[$0] } ?? ServerReply(550, "5.1.1", "no such mailbox here")
        }
    }

    private func reply(_ receiver: any MailReceiver, _ mail: IncomingMail) async -> ServerReply {
        do throws(AcceptError) {
            return ServerReply(250, "2.0.0", "accepted as \(try await receiver.receive(mail))")
        } catch {
            return ServerReply(error)
        }
    }

    private func owner(of recipient: String) -> Int? {
        var best: (index: Int, match: RecipientMatch)?
        for (index, receiver) in receivers.enumerated() {
            guard let match = receiver.match(recipient), best.map({ match > $0.match }) ?? true else { continue }
            best = (index, match)
        }
        return best?.index
    }
}

extension ServerReply {
    /// What a client is told of a message that was not accepted.
    init(_ error: AcceptError) {
        switch error {
        case .refused: self.init(554, "5.7.1", error.description)
        case .busy: self.init(452, "4.3.2", error.description)
        case .full: self.init(452, "4.3.1", error.description)
        case .unavailable: self.init(421, "4.3.2", error.description)
        }
    }
}
