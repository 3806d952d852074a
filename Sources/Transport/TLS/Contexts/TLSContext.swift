import COpenSSL

/// Owns OpenSSL's `SSL_CTX`: what all connections of one certificate have in common.
///
/// Set up by the thread that makes it, then only read.
final class TLSContext {
    private let context: OpaquePointer

    /// Makes a context with what holds for servers and clients.
    init(isServer: Bool, minimumVersion: StreamSecurity.Version) throws(TLSError) {
        guard let context = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw .last("SSL_CTX_new")
        }
        self.context = context
        let version = minimumVersion == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION
        try TLSError.check(cssl_set_minimum_version(context, version), "SSL_CTX_set_min_proto_version")
        // Forward secrecy and authenticated encryption only (RFC 9325 §4.2); the cheaper of the strong ones first.
        try TLSError.check(SSL_CTX_set_cipher_list(context, Self.ciphers), "SSL_CTX_set_cipher_list")
        try TLSError.check(SSL_CTX_set_ciphersuites(context, Self.suites), "SSL_CTX_set_ciphersuites")
        try TLSError.check(cssl_set_groups(context, "X25519:P-256:P-384"), "SSL_CTX_set1_groups_list")
        SSL_CTX_set_security_level(context, 2)
        SSL_CTX_set_options(context, Self.options)
        // Buffers of 16 KiB and more are given back while nothing is read or written.
        cssl_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
    }

    deinit {
        SSL_CTX_free(context)
    }

    /// Lends the context to a call of OpenSSL.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        body(context)
    }

    private static var ciphers: String {
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
            + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    }

    private static var suites: String {
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    }

    private static var options: UInt64 {
        // Bits of OpenSSL's own macros (SSL_OP_BIT), which Swift cannot see.
        cssl_strict_options()
    }
}

// MARK: - Certificates

extension TLSContext {
    /// Shows this certificate, with its chain.
    func use(_ certificate: LoadedCertificate) throws(TLSError) {
        guard let leaf = certificate.chain.first else { throw .noCertificates }
        let code = leaf.withPointer { leaf in
            certificate.key.withPointer { SSL_CTX_use_cert_and_key(context, leaf, $0, nil, 1) }
        }
        try TLSError.check(code, "SSL_CTX_use_cert_and_key")
        for issuer in certificate.chain.dropFirst() {
            try TLSError.check(
                issuer.withPointer { cssl_add_chain_certificate(context, $0) }, "SSL_CTX_add1_chain_cert")
        }
    }

    /// Accepts the certificates that these vouch for.
    func trust(_ trust: TLSTrust) throws(TLSError) {
        guard let certificates = try trust.certificates() else {
            try TLSError.check(SSL_CTX_set_default_verify_paths(context), "SSL_CTX_set_default_verify_paths")
            return
        }
        guard let store = SSL_CTX_get_cert_store(context) else { throw .last("SSL_CTX_get_cert_store") }
        for certificate in certificates {
            try TLSError.check(certificate.withPointer { X509_STORE_add_cert(store, $0) }, "X509_STORE_add_cert")
        }
    }

    /// Tells clients whose certificates are wanted.
    func announce(_ trust: TLSTrust) throws(TLSError) {
        for certificate in try trust.certificates() ?? [] {
            try TLSError.check(
                certificate.withPointer { SSL_CTX_add_client_CA(context, $0) }, "SSL_CTX_add_client_CA")
        }
    }
}
