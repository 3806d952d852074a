import Glibc

/// What a TLS server shows, and asks for.
public struct TLSServerConfiguration: Sendable {
    /// Whether clients are asked for certificates.
    public enum ClientCertificates: Sendable, Hashable {
        /// They are not.
        case none
        /// They are asked for one and may have none; one that is not trusted ends the handshake.
        case request(TLSTrust)
        /// Only clients with a trusted one get in.
        case require(TLSTrust)
    }

    /// The certificates; a client gets the one for the name it asks for, or else the first.
    public var certificates: [TLSCertificate]
    /// The oldest version of the protocol that is spoken.
    public var minimumVersion: StreamSecurity.Version
    /// The protocols of the application for ALPN (RFC 7301), the best first; without any there is no choice, and a
    /// client that has none of them is refused.
    public var applicationProtocols: [String]
    /// Whether clients are asked for certificates.
    public var clientCertificates: ClientCertificates
    /// Tells whether clients may resume sessions (RFC 8446 §2.2, RFC 5077).
    public var resumesSessions: Bool
    /// How long a handshake may take.
    public var handshakeTimeout: Duration
    /// The wall-clock time, in seconds since 1970.
    public var currentTime: @Sendable () -> Int64

    /// Creates a configuration; without more than certificates it suits the open Internet.
    public init(
        certificates: [TLSCertificate], minimumVersion: StreamSecurity.Version = .tls12,
        applicationProtocols: [String] = [], clientCertificates: ClientCertificates = .none,
        resumesSessions: Bool = true, handshakeTimeout: Duration = .seconds(15),
        currentTime: (@Sendable () -> Int64)? = nil
    ) {
        self.certificates = certificates
        self.minimumVersion = minimumVersion
        self.applicationProtocols = applicationProtocols
        self.clientCertificates = clientCertificates
        self.resumesSessions = resumesSessions
        self.handshakeTimeout = handshakeTimeout
        self.currentTime = currentTime ?? { Int64(time(nil)) }
    }
}
