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

    /// The most wrong passwords of a session.
    public var maximumLogins = 3
    /// Whether a client may begin TLS.
    public var offersTLS = false
    /// Whether there are users who can log in; they can under TLS only.
    public var hasUsers = false
    /// Whether mail is taken only from users who have logged in.
    public var requiresLogin = false

    /// Creates a configuration.
    public init(hostName: String, dialect: Dialect = .smtp, maximumMessage: Int = 26_214_400) {
        self.hostName = hostName
        self.dialect = dialect
        self.maximumMessage = maximumMessage
    }
}
