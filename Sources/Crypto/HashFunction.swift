import COpenSSL

/// A hash function, for digests of content and for ``HMAC``.
public enum HashFunction: String, Sendable, Hashable, CaseIterable {
    /// SHA-1, 20 bytes: broken as a digest, and still what some hubs sign with (WebSub §7).
    case sha1
    /// SHA-256, 32 bytes.
    case sha256
    /// SHA-384, 48 bytes.
    case sha384
    /// SHA-512, 64 bytes.
    case sha512

    /// The length of a digest in bytes.
    public var digestLength: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// Returns the digest of the bytes, ``digestLength`` long.
    ///
    /// - Throws: ``CryptoError/failed(operation:detail:)`` when the installed OpenSSL does not offer the function.
    public func digest(of bytes: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestLength)
        let result = withBytes(bytes) { EVP_Digest($0.baseAddress, $0.count, &digest, nil, implementation, nil) }
        try CryptoError.check(result, "EVP_Digest \(rawValue)")
        return digest
    }

    /// OpenSSL's constant for the function; it is never freed.
    var implementation: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
