import COpenSSL

extension TLSError: CustomStringConvertible {
    /// What happened, where, and what to do about it.
    public var description: String {
        switch self {
        case .unreadable(let file, let code):
            "cannot read \(file): \(TransportError.text(of: code)); check the path and its permissions"
        case .noCertificate(let source):
            "\(source) holds no certificate; it needs one in PEM form (-----BEGIN CERTIFICATE-----)"
        case .noKey(let source):
            "\(source) holds no private key; it needs one in PEM form (-----BEGIN PRIVATE KEY-----)"
        case .encryptedKey(let source):
            "the private key in \(source) is encrypted; write one without a passphrase with: openssl pkey -in …"
        case .malformed(let source, let detail):
            "\(source) is damaged: \(detail); write the file again"
        case .mismatch(let chain, let key):
            "the private key in \(key) is not that of the first certificate in \(chain); give files that belong together"
        case .noCertificates:
            "TLS needs a certificate; give a chain and a key, or make one with: postroad cert self-signed"
        case .badProtocolName(let name):
            "\"\(name)\" is no protocol name for ALPN; it needs 1 to 255 bytes"
        case .badName(let name):
            "\"\(name)\" is no DNS name and no IP address; write mail.example.org, *.example.org or 192.0.2.1"
        case .refused(let operation, let detail):
            "OpenSSL failed in \(operation): \(detail); check the installation of libssl"
        default:
            streamText
        }
    }

    private var streamText: String {
        switch self {
        case .handshakeFailed(let reason): "the TLS handshake failed: \(reason)"
        case .untrusted(let reason): "the other end's certificate is not trusted: \(reason)"
        case .plainHTTP: "the other end speaks plain HTTP; use https:// for this port"
        case .broken(let reason): "the TLS stream is broken: \(reason)"
        default: "the connection ended without TLS's closing word; something may be missing"
        }
    }
}

extension TLSError {
    /// OpenSSL's words for the error that this thread met last, and its number; the thread's queue is empty afterwards.
    static func lastReason() -> (text: String, code: UInt) {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return ("no reason given", UInt(code)) }
        return (String(cString: reason), UInt(code))
    }

    /// The error of the OpenSSL call that just failed on this thread.
    static func last(_ operation: String) -> TLSError {
        .refused(operation: operation, detail: lastReason().text)
    }

    /// Throws the last error unless the call answered 1, OpenSSL's word for success.
    static func check(_ result: CInt, _ operation: String) throws(TLSError) {
        guard result == 1 else { throw last(operation) }
    }
}
