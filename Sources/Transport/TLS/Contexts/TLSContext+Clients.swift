import COpenSSL

extension TLSContext {
    /// Asks clients for certificates.
    func askClients(_ mode: CInt, _ trust: TLSTrust) throws(TLSError) {
        try self.trust(trust)
        try announce(trust)
        withPointer { SSL_CTX_set_verify($0, mode, nil) }
    }

    /// Lets a session be resumed only where the same is asked of clients: one that was made when less was asked for, or
    /// others were trusted, must not get in.
    func separateSessions(_ demand: TLSServerConfiguration.ClientCertificates) throws(TLSError) {
        var text = ""
        switch demand {
        case .none: break
        case .request(let trust): text = "request " + (try Self.fingerprints(trust))
        case .require(let trust): text = "require " + (try Self.fingerprints(trust))
        }
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        var count: CUnsignedInt = 0
        try TLSError.check(EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil), "EVP_Digest")
        let code = withPointer { SSL_CTX_set_session_id_context($0, digest, count) }
        try TLSError.check(code, "SSL_CTX_set_session_id_context")
    }

    private static func fingerprints(_ trust: TLSTrust) throws(TLSError) -> String {
        var text = ""
        for certificate in try trust.certificates() ?? [] { text += try certificate.fingerprint() }
        return text
    }

    /// Gives out no tickets.
    func forbidResumption() {
        withPointer { context in
            SSL_CTX_set_options(context, cssl_no_ticket_option())
            // Answers 1 (OpenSSL, ssl/ssl_lib.c).
            SSL_CTX_set_num_tickets(context, 0)
        }
    }
}
