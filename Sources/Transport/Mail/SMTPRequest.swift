/// How a mail server's connection is made secure.
public enum SMTPSecurity: Sendable, Hashable {
    /// Not at all.
    case none
    /// By STARTTLS when the server offers it, whatever its certificate says (RFC 7435); checked when there are
    /// credentials.
    case startTLSIfOffered
    /// By STARTTLS with a good certificate, or no mail is sent (RFC 3207).
    case startTLS
    /// By TLS from the first byte, with a good certificate (RFC 8314 §3).
    case implicitTLS
}

/// The name and password for a mail server; its description shows neither.
public struct SMTPCredentials: Sendable, Hashable, CustomStringConvertible {
    /// The user's name.
    public var user: String
    /// The password.
    public var password: String
    /// Three stars.
    public var description: String { "***" }

    /// Creates credentials.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

/// A message for a mail server (RFC 5321).
public struct SMTPRequest: Sendable {
    /// The server's name or address.
    public var host: String
    /// The server's port: 25 for relaying, 587 for submission, 465 for implicit TLS.
    public var port: UInt16
    /// How the connection is made secure.
    public var security: SMTPSecurity
    /// The credentials; none for a server that takes mail without.
    public var credentials: SMTPCredentials?
    /// The name this machine gives itself in `EHLO`.
    public var heloName: String
    /// The reverse path, without angle brackets; empty for a bounce (RFC 5321 §4.5.5).
    public var sender: String
    /// The forward paths, without angle brackets, at least one.
    public var recipients: [String]
    /// The message with its header, its lines ended by CR LF.
    public var message: [UInt8]
    /// How long all of it may take.
    public var timeout: Duration
    /// How long the connection may take, TLS included.
    public var connectTimeout: Duration
    /// Whether private addresses may be connected to; the operator's own server usually has one.
    public var privateAddresses: PrivateAddressPolicy

    /// Creates a request.
    public init(
        host: String, port: UInt16, security: SMTPSecurity = .startTLSIfOffered, credentials: SMTPCredentials? = nil,
        heloName: String, sender: String, recipients: [String], message: [UInt8], timeout: Duration = .seconds(300),
        connectTimeout: Duration = .seconds(30), privateAddresses: PrivateAddressPolicy = .allowed
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
        self.heloName = heloName
        self.sender = sender
        self.recipients = recipients
        self.message = message
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.privateAddresses = privateAddresses
    }
}
