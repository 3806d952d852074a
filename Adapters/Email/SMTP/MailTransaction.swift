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

    /// Who handed it in, having logged in; `nil` for anybody.
    public var identity: MailIdentity?
    /// The version of TLS it came by; `nil` without.
    public var tls: String?

    /// Creates a transaction.
    public init(sender: String, recipients: [String], message: [UInt8] = [], hello: String = "") {
        self.sender = sender
        self.recipients = recipients
        self.message = message
        self.hello = hello
    }
}
