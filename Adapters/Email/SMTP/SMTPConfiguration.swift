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
