public import AdapterKit

/// A mailbox that mail can come in by.
public protocol MailReceiver: Sendable {
    /// The domains the mailbox sends from, in lower case: mail with an id of ours under one of them is our own.
    var domains: Set<String> { get }

    /// How well a recipient fits the mailbox; `nil` when it is none of its own.
    func match(_ recipient: String) -> RecipientMatch?

    /// Takes a mail; when this returns, the router owns it.
    ///
    /// A mail that came before is taken again without effect, so the client may repeat what failed in part.
    ///
    /// - Returns: The id of the message, to be told to the client.
    /// - Throws: `AcceptError` when nothing was kept.
    func receive(_ mail: IncomingMail) async throws(AcceptError) -> String
}

/// A mail on its way into a mailbox.
public struct IncomingMail: Sendable, Hashable {
    /// The envelope, with the recipients of this mailbox alone, and the message.
    public var transaction: MailTransaction
    /// The address of the client, as a label.
    public var client: String

    /// Creates a mail.
    public init(transaction: MailTransaction, client: String) {
        self.transaction = transaction
        self.client = client
    }
}
