import COpenSSL

/// Reads certificates and keys in PEM form (RFC 7468) from bytes in memory, one after the other.
struct PEMReader: ~Copyable {
    private let bio: OpaquePointer
    private let bytes: UnsafeMutableRawBufferPointer
    private let source: String

    /// Begins to read; `source` names the bytes in errors.
    init(_ content: [UInt8], source: String) throws(TLSError) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 1)
        bytes.copyBytes(from: content)
        guard let count = CInt(exactly: content.count), let bio = BIO_new_mem_buf(bytes.baseAddress, count) else {
            bytes.deallocate()
            throw .last("BIO_new_mem_buf")
        }
        self.bio = bio
        self.bytes = bytes
        self.source = source
    }

    deinit {
        BIO_free(bio)
        // A key may have been in it.
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    /// All certificates, at least one.
    func certificates() throws(TLSError) -> [X509Handle] {
        var found: [X509Handle] = []
        ERR_clear_error()
        while let certificate = PEM_read_bio_X509(bio, nil, { _, _, _, _ in -1 }, nil) {
            found.append(X509Handle(certificate))
        }
        let (reason, code) = TLSError.lastReason()
        guard Self.isEnd(code) else { throw .malformed(source: source, detail: reason) }
        guard !found.isEmpty else { throw .noCertificate(source: source) }
        return found
    }

    /// The first private key.
    func privateKey() throws(TLSError) -> PrivateKeyHandle {
        var isEncrypted = false
        ERR_clear_error()
        let key = withUnsafeMutablePointer(to: &isEncrypted) { flag in
            // Asked for a passphrase only if the key has one; without this function OpenSSL would ask at the terminal.
            PEM_read_bio_PrivateKey(
                bio, nil,
                { _, _, _, flag in
                    flag?.assumingMemoryBound(to: Bool.self).pointee = true
                    return -1
                }, flag)
        }
        let reason = TLSError.lastReason().text
        if let key { return PrivateKeyHandle(key) }
        if isEncrypted { throw .encryptedKey(source: source) }
        let hasKey = String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY-----")
        throw hasKey ? .malformed(source: source, detail: reason) : .noKey(source: source)
    }

    /// Tells whether the error only says that no more PEM follows.
    private static func isEnd(_ code: UInt) -> Bool {
        ERR_GET_LIB(CUnsignedLong(code)) == ERR_LIB_PEM && ERR_GET_REASON(CUnsignedLong(code)) == PEM_R_NO_START_LINE
    }
}
