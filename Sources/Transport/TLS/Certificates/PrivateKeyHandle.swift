import COpenSSL

/// Owns a private key of OpenSSL.
final class PrivateKeyHandle {
    private let key: OpaquePointer

    /// Takes the key over.
    init(_ key: OpaquePointer) {
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    /// Makes a key for ECDSA on the curve P-256 (FIPS 186-5).
    static func makeP256() throws(TLSError) -> PrivateKeyHandle {
        guard let key = cssl_generate_p256() else { throw .last("EVP_EC_gen") }
        return PrivateKeyHandle(key)
    }

    /// Lends the key to a call of OpenSSL.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        body(key)
    }

    /// The key in PEM form (PKCS #8).
    func text() throws(TLSError) -> String {
        try PEMWriter().text("PEM_write_bio_PrivateKey") { bio in
            PEM_write_bio_PrivateKey(bio, key, nil, nil, 0, nil, nil) == 1 ? 1 : -1
        }
    }
}
