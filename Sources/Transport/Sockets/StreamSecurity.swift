/// What TLS has agreed on a stream.
public struct StreamSecurity: Sendable, Hashable {
    /// The version of the protocol.
    public enum Version: String, Sendable, Hashable {
        /// TLS 1.2 (RFC 5246).
        case tls12 = "TLSv1.2"
        /// TLS 1.3 (RFC 8446).
        case tls13 = "TLSv1.3"
    }

    /// The version of the protocol.
    public var version: Version
    /// The cipher suite, as OpenSSL names it.
    public var cipher: String
    /// The protocol chosen by ALPN (RFC 7301): `h2`, `http/1.1`, or nil.
    public var applicationProtocol: String?
    /// The name that the client asked for by SNI (RFC 6066 §3).
    public var serverName: String?
    /// The certificate of the other end, if it showed one that was verified.
    public var peerCertificate: PeerCertificate?
    /// Tells whether an earlier session was resumed.
    public var isResumed: Bool

    /// The certificate of the other end.
    public struct PeerCertificate: Sendable, Hashable {
        /// Its subject, in the form of RFC 2253.
        public var subject: String
        /// The DNS names that it is for.
        public var names: [String]
        /// The SHA-256 digest of its DER form, 64 hexadecimal digits.
        public var fingerprint: String

        /// Creates a description.
        public init(subject: String, names: [String], fingerprint: String) {
            self.subject = subject
            self.names = names
            self.fingerprint = fingerprint
        }
    }

    /// Creates a description.
    public init(
        version: Version, cipher: String, applicationProtocol: String? = nil, serverName: String? = nil,
        peerCertificate: PeerCertificate? = nil, isResumed: Bool = false
    ) {
        self.version = version
        self.cipher = cipher
        self.applicationProtocol = applicationProtocol
        self.serverName = serverName
        self.peerCertificate = peerCertificate
        self.isResumed = isResumed
    }
}
