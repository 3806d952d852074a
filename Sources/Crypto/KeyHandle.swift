import COpenSSL

/// OpenSSL's form of an Ed25519 key.
struct KeyHandle: ~Copyable {
    private let key: OpaquePointer

    init(privateKey bytes: [UInt8]) throws(CryptoError) {
        try Self.checkLength(bytes)
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            throw .last("EVP_PKEY_new_raw_private_key")
        }
        self.key = key
    }

    init(publicKey bytes: [UInt8]) throws(CryptoError) {
        try Self.checkLength(bytes)
        guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            throw .last("EVP_PKEY_new_raw_public_key")
        }
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    private static func checkLength(_ bytes: [UInt8]) throws(CryptoError) {
        guard bytes.count == Ed25519PublicKey.length else {
            throw .badKey(
                kind: "Ed25519", reason: "it has \(bytes.count) bytes instead of \(Ed25519PublicKey.length)")
        }
    }

    func publicBytes() throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Ed25519PublicKey.length)
        var length = bytes.count
        try CryptoError.check(EVP_PKEY_get_raw_public_key(key, &bytes, &length), "EVP_PKEY_get_raw_public_key")
        return bytes
    }

    func signature(for message: [UInt8]) throws(CryptoError) -> [UInt8] {
        let context = try SigningContext()
        try CryptoError.check(EVP_DigestSignInit(context.pointer, nil, nil, nil, key), "EVP_DigestSignInit")
        var signature = [UInt8](repeating: 0, count: Ed25519PublicKey.signatureLength)
        var length = signature.count
        try CryptoError.check(
            EVP_DigestSign(context.pointer, &signature, &length, message, message.count), "EVP_DigestSign")
        return signature
    }

    func isValid(_ signature: [UInt8], for message: [UInt8]) throws(CryptoError) -> Bool {
        let context = try SigningContext()
        try CryptoError.check(EVP_DigestVerifyInit(context.pointer, nil, nil, nil, key), "EVP_DigestVerifyInit")
        let result = EVP_DigestVerify(context.pointer, signature, signature.count, message, message.count)
        // A wrong signature leaves entries in the thread's error queue that nobody else should find.
        defer { ERR_clear_error() }
        return result == 1
    }
}

/// The working memory of one signature.
private struct SigningContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(CryptoError) {
        guard let pointer = EVP_MD_CTX_new() else { throw .last("EVP_MD_CTX_new") }
        self.pointer = pointer
    }

    deinit {
        EVP_MD_CTX_free(pointer)
    }
}
