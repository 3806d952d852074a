/// One mail as a client handed it over: envelope and bytes.
public struct MailTransaction: Sendable, Hashable {
    /// The envelope sender; empty for the null sender of bounces.
    public var sender: String
    /// The recipients, in the order they were accepted in; LMTP may name one twice.
    public var recipients: [String]
    /// The message, its lines ended with CRLF.
    public var message: [UInt8]
    /// The name the client gave itself.
    public var hello: String

    /// Creates a transaction.
    public init(sender: String, recipients: [String], message: [UInt8] = [], hello: String = "") {
        self.sender = sender
        self.recipients = recipients
        self.message = message
        self.hello = hello
    }
}

/// What a server says of a recipient.
public enum RecipientVerdict: Sendable, Hashable {
    /// Somebody here takes the mail.
    case accepted
    /// Nobody here has that address.
    case unknown
}

/// What the listener does next for a session.
public struct SMTPStep: Sendable, Hashable {
    /// What comes after the replies were written.
    public enum Action: Sendable, Hashable {
        /// Read on.
        case read
        /// Deliver this and call ``SMTPSession/finish(_:)``.
        case deliver(MailTransaction)
        /// Close the connection.
        case close
    }

    /// The replies to write, in their order.
    public var replies: [UInt8]
    /// What comes then.
    public var action: Action
}

/// How a server presents itself and what it takes.
public struct SMTPConfiguration: Sendable, Hashable {
    /// The dialect.
    public enum Dialect: String, Sendable { case smtp, lmtp }

    /// The name in the greeting.
    public var hostName: String
    /// SMTP or LMTP.
    public var dialect: Dialect
    /// The most bytes of a message.
    public var maximumMessage: Int
    /// The most recipients of a message.
    public var maximumRecipients = 1_000
    /// The most wrong commands of a session.
    public var maximumErrors = 20
    /// The most unknown recipients of a session.
    public var maximumUnknown = 100

    /// Creates a configuration.
    public init(hostName: String, dialect: Dialect = .smtp, maximumMessage: Int = 26_214_400) {
        self.hostName = hostName
        self.dialect = dialect
        self.maximumMessage = maximumMessage
    }
}
