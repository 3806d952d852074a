/// What a TLS client trusts and shows.
public struct TLSClientConfiguration: Sendable {
    /// Whose certificates are accepted.
    public var trust: TLSTrust
    /// The certificate that is shown to servers that ask for one.
    public var certificate: TLSCertificate?
    /// The oldest version of the protocol that is spoken.
    public var minimumVersion: StreamSecurity.Version
    /// The protocols of the application that are offered (RFC 7301), the best first.
    public var applicationProtocols: [String]
    /// Tells whether sessions are resumed.
    public var resumesSessions: Bool
    /// How long a handshake may take.
    public var handshakeTimeout: Duration

    /// Creates a configuration; without arguments the system's authorities are trusted.
    public init(
        trust: TLSTrust = .system, certificate: TLSCertificate? = nil,
        minimumVersion: StreamSecurity.Version = .tls12, applicationProtocols: [String] = [],
        resumesSessions: Bool = true, handshakeTimeout: Duration = .seconds(15)
    ) {
        self.trust = trust
        self.certificate = certificate
        self.minimumVersion = minimumVersion
        self.applicationProtocols = applicationProtocols
        self.resumesSessions = resumesSessions
        self.handshakeTimeout = handshakeTimeout
    }
}
