/// How a mail listener works.
public struct SMTPListenerOptions: Sendable, Hashable {
    /// The router's name: the host's name in the greeting, and what marks the router's own mail.
    public var router: String
    /// SMTP or LMTP.
    public var dialect: SMTPConfiguration.Dialect
    /// The most bytes of a message.
    public var maximumMessage: Int
    /// The most connections at a time; more wait to be accepted.
    public var maximumConnections = 200
    /// The most bytes that the messages coming in on all connections hold together; a client beyond that is sent away for now.
    public var maximumBuffered: Int
    /// Whether mail is taken only from users who have logged in.
    public var requiresLogin = false
    /// How long a client may take for a command (RFC 5321 §4.5.3.2).
    public var commandTimeout = Duration.seconds(300)
    /// How long it may take for the next piece of a message.
    public var dataTimeout = Duration.seconds(180)

    /// Creates options.
    public init(router: String, dialect: SMTPConfiguration.Dialect = .smtp, maximumMessage: Int = 26_214_400) {
        self.router = router
        self.dialect = dialect
        self.maximumMessage = maximumMessage
        maximumBuffered = max(maximumMessage, min(maximumMessage, 1 << 40) * 8)
    }
}
