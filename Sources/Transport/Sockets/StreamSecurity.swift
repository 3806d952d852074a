/// What TLS has agreed on a stream.
///
/// Every request's head carries it, so it is one word that all of a connection share.
public final class StreamSecurity: Sendable {
    /// The version of the protocol.
    public enum Version: String, Sendable, Hashable {
        /// TLS 1.2 (RFC 5246).
        case tls12 = "TLSv1.2"
        /// TLS 1.3 (RFC 8446).
        case tls13 = "TLSv1.3"
    }

    /// The version of the protocol.
    public let version: Version
    /// The cipher suite, as OpenSSL names it.
    public let cipher: String
    /// The protocol chosen by ALPN (RFC 7301): `h2`, `http/1.1`, or nil.
    public let applicationProtocol: String?
    /// The name that the client asked for by SNI (RFC 6066 §3).
    public let serverName: String?
    /// The certificate of the other end, if it showed one that was verified.
    public let peerCertificate: PeerCertificate?
    /// Tells whether an earlier session was resumed.
    public let isResumed: Bool

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

extension StreamSecurity: Hashable {
    /// Tells whether two streams agreed on the same.
    public static func == (left: StreamSecurity, right: StreamSecurity) -> Bool {
        left === right || left.facts == right.facts
    }

    /// Hashes what was agreed.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(facts)
    }

    private struct Facts: Hashable {
        let version: Version
        let cipher: String
        let applicationProtocol: String?
        let serverName: String?
        let peerCertificate: PeerCertificate?
        let isResumed: Bool
    }

    private var facts: Facts {
        Facts(
            version: version, cipher: cipher, applicationProtocol: applicationProtocol, serverName: serverName,
            peerCertificate: peerCertificate, isResumed: isResumed)
    }
}
