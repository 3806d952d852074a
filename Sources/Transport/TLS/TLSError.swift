/// What can go wrong with certificates, TLS handshakes and streams.
///
/// Keys and what was sent are never part of it.
public enum TLSError: Error, Sendable, Hashable {
    /// A file cannot be read; the system's number of the error.
    case unreadable(file: String, code: CInt)
    /// The file, or text, holds no certificate in PEM form.
    case noCertificate(source: String)
    /// The file, or text, holds no private key in PEM form.
    case noKey(source: String)
    /// The private key needs a passphrase.
    case encryptedKey(source: String)
    /// Something in PEM form cannot be understood.
    case malformed(source: String, detail: String)
    /// The private key is not that of the first certificate in the chain.
    case mismatch(chain: String, key: String)
    /// A server needs one certificate at least.
    case noCertificates
    /// The name of an application's protocol has no, or over 255, bytes (RFC 7301 §3.1).
    case badProtocolName(String)
    /// The text is no DNS name and no IP address that a certificate can be for.
    case badName(String)
    /// OpenSSL refused; the detail is its own text.
    case refused(operation: String, detail: String)

    /// The two ends could not agree.
    case handshakeFailed(reason: String)
    /// The certificate of the other end was not accepted.
    case untrusted(reason: String)
    /// The first bytes that came are those of an HTTP request in plain text.
    case plainHTTP
    /// What came breaks the protocol, or the other end said that what it got did.
    case broken(reason: String)
    /// The connection ended without the closing word of TLS: something may be missing (RFC 8446 §6.1).
    case truncated
}
