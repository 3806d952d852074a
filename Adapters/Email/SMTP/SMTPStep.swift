/// What the listener does next for a session.
public struct SMTPStep: Sendable, Hashable {
    /// What comes after the replies were written.
    public enum Action: Sendable, Hashable {
        /// Read on.
        case read
        /// Deliver this and call ``SMTPSession/finish(_:)``.
        case deliver(MailTransaction)
        /// Begin TLS and call ``SMTPSession/secure(version:)``.
        case startTLS
        /// Close the connection.
        case close
    }

    /// The replies to write, in their order.
    public var replies: [UInt8]
    /// What comes then.
    public var action: Action
}
