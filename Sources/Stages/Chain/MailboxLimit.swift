import Messages

/// The mailboxes that a step is for: those that a message comes in by, and those that it goes to.
public struct MailboxLimit: Sendable, Hashable {
    /// Names of mailboxes as they are written, and all mailboxes that they mean.
    struct Names: Sendable, Hashable {
        /// The names of mailboxes and adapters, as they stand in the file.
        var written: [String]
        /// The mailboxes.
        var mailboxes: Set<String>

        var shownText: String { written.joined(separator: ", ") }
    }

    /// Only messages that came in by these.
    var onlyFrom: Names?
    /// Only messages that go to these.
    var onlyTo: Names?
    /// No messages that came in by these.
    var exceptFrom: Names?
    /// No messages that go to these.
    var exceptTo: Names?

    /// Every mailbox.
    public init() {}

    /// Why the step is not for a message; `nil` when it is.
    ///
    /// An address of another router is in no mailbox of ours. Where the recipient is not known, the step is not left out for
    /// its sake.
    func exclusion(of envelope: Envelope, context: StageContext) -> String? {
        guard self != MailboxLimit() else { return nil }
        let source = envelope.topic.source
        if let names = onlyFrom, !names.mailboxes.contains(source) {
            return "it came in by \(source), and the stage is only for \(names.shownText)"
        }
        if let names = exceptFrom, names.mailboxes.contains(source) {
            return "it came in by \(source), and the stage is not for \(names.shownText)"
        }
        guard let recipient = context.recipient else { return nil }
        let target = recipient.peers.isEmpty ? recipient.platform : ""
        if let names = onlyTo, !names.mailboxes.contains(target) {
            return "it goes to \(recipient), and the stage is only for \(names.shownText)"
        }
        if let names = exceptTo, names.mailboxes.contains(target) {
            return "it goes to \(recipient), and the stage is not for \(names.shownText)"
        }
        return nil
    }
}
