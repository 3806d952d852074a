import COpenSSL

extension TLSMachine {
    /// What was agreed; after the handshake.
    func security() throws(TLSError) -> StreamSecurity {
        try withPointer { ssl in Result { () throws(TLSError) in try Self.security(of: ssl) } }.get()
    }

    private static func security(of ssl: OpaquePointer) throws(TLSError) -> StreamSecurity {
        StreamSecurity(
            version: SSL_version(ssl) == TLS1_3_VERSION ? .tls13 : .tls12,
            cipher: String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
            applicationProtocol: applicationProtocol(of: ssl),
            serverName: SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) },
            peerCertificate: try peerCertificate(of: ssl), isResumed: SSL_session_reused(ssl) == 1)
    }

    private static func applicationProtocol(of ssl: OpaquePointer) -> String? {
        var name: UnsafePointer<UInt8>?
        var count: CUnsignedInt = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name, count > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    private static func peerCertificate(of ssl: OpaquePointer) throws(TLSError) -> StreamSecurity.PeerCertificate? {
        guard SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER != 0, SSL_get_verify_result(ssl) == Int(X509_V_OK),
            let pointer = SSL_get1_peer_certificate(ssl)
        else { return nil }
        let certificate = X509Handle(pointer)
        return StreamSecurity.PeerCertificate(
            subject: try certificate.subject(), names: certificate.names, fingerprint: try certificate.fingerprint())
    }
}
