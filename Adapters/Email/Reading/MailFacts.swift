public import Messages

/// What is known of a mail beside its bytes: how it came, and where to.
public struct MailFacts: Sendable, Hashable {
    /// The mailbox it came in by.
    public var mailbox: String
    /// The class of the topic.
    public var `class`: String
    /// The envelope sender; `nil` for the null sender, and for a mail that came by no server.
    public var returnPath: String?
    /// Whether the envelope sender was the null sender `<>`.
    public var hasNullSender: Bool
    /// The recipients of the transaction that are of this class.
    public var recipients: [String]
    /// The name the other server gave itself.
    public var hello: String?
    /// The address of the other server.
    public var client: String?
    /// The user who handed it in, having logged in; then the author is verified.
    public var user: String?
    /// The version of TLS it came by.
    public var tls: String?
    /// When it came in.
    public var receivedAt: Timestamp

    /// Creates facts; without more, those of a mail from a file.
    public init(
        mailbox: String, class: String, receivedAt: Timestamp, returnPath: String? = nil, hasNullSender: Bool = false,
        recipients: [String] = [], hello: String? = nil, client: String? = nil
    ) {
        self.mailbox = mailbox
        self.class = `class`
        self.receivedAt = receivedAt
        self.returnPath = returnPath
        self.hasNullSender = hasNullSender
        self.recipients = recipients
        self.hello = hello
        self.client = client
    }
}

/// A mail as an envelope, with what has to be stored before the envelope is accepted.
public struct MailEnvelope: Sendable {
    /// The envelope.
    public var envelope: Envelope
    /// The bytes that the envelope names by their digest; they go to the blob store.
    public var blobs: [[UInt8]]
    /// The key against duplicates: the mail's id and the class.
    public var eventKey: String
    /// The digest of date, author, subject and body.
    public var fingerprint: [UInt8]
}
