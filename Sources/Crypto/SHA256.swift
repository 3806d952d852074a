import COpenSSL

/// A SHA-256 digest that is fed in parts (FIPS 180-4).
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Starts an empty digest.
    ///
    /// - Throws: ``CryptoError/failed(operation:detail:)`` when OpenSSL has no memory or no SHA-256.
    public init() throws(CryptoError) {
        guard let context = EVP_MD_CTX_new() else { throw .last("EVP_MD_CTX_new") }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .last("EVP_DigestInit_ex")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    public mutating func update(_ bytes: some Collection<UInt8>) throws(CryptoError) {
        let result = withBytes(bytes) { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        try CryptoError.check(result, "EVP_DigestUpdate")
    }

    /// Returns the digest of all bytes added.
    public consuming func finish() throws(CryptoError) -> SHA256Digest {
        var digest = [UInt8](repeating: 0, count: SHA256Digest.length)
        try CryptoError.check(EVP_DigestFinal_ex(context, &digest, nil), "EVP_DigestFinal_ex")
        return SHA256Digest(unchecked: digest)
    }

    /// Returns the digest of the bytes.
    public static func digest(of bytes: some Collection<UInt8>) throws(CryptoError) -> SHA256Digest {
        SHA256Digest(unchecked: try HashFunction.sha256.digest(of: bytes))
    }
}
