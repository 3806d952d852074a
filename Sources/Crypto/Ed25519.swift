import COpenSSL

/// A key that signs (RFC 8032, Ed25519).
public struct Ed25519PrivateKey: Sendable {
    private let seed: [UInt8]
    /// The key that checks the signatures of this one.
    public let publicKey: Ed25519PublicKey

    /// Creates a key from its 32-byte seed.
    ///
    /// - Throws: ``CryptoError/badKey(kind:reason:)`` for another length.
    public init(seed: some Collection<UInt8>) throws(CryptoError) {
        let bytes = Array(seed)
        let key = try KeyHandle(privateKey: bytes)
        self.seed = bytes
        publicKey = try Ed25519PublicKey(bytes: key.publicBytes())
    }

    /// Creates a new key.
    ///
    /// - Throws: ``CryptoError/failed(operation:detail:)`` when there is no randomness.
    public init(random: SecureRandom) throws(CryptoError) {
        try self.init(seed: random.bytes(Ed25519PublicKey.length))
    }

    /// Returns the 64-byte signature of the message.
    public func signature(for message: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        try KeyHandle(privateKey: seed).signature(for: Array(message))
    }

    /// Gives the body the 32-byte seed, to be written to a key file and nowhere else.
    public func withSeed<Result>(_ body: ([UInt8]) throws -> Result) rethrows -> Result {
        try body(seed)
    }
}

extension Ed25519PrivateKey: CustomStringConvertible, CustomReflectable {
    /// The public half; the seed is never shown.
    public var description: String { "Ed25519PrivateKey(***, public: \(publicKey))" }

    /// The public half alone: a dump must not show the seed.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}

/// A key that checks signatures (RFC 8032, Ed25519).
public struct Ed25519PublicKey: Sendable, Hashable {
    /// The length of a key in bytes.
    public static let length = 32
    /// The length of a signature in bytes.
    public static let signatureLength = 64

    /// The key's 32 bytes.
    public let bytes: [UInt8]

    /// Creates a key from its 32 bytes.
    ///
    /// - Throws: ``CryptoError/badKey(kind:reason:)`` for another length.
    public init(bytes: some Collection<UInt8>) throws(CryptoError) {
        guard bytes.count == Self.length else {
            throw .badKey(kind: "Ed25519", reason: "it has \(bytes.count) bytes instead of \(Self.length)")
        }
        self.bytes = Array(bytes)
    }

    /// Tells whether the signature is one of the message by the private half of this key.
    ///
    /// - Throws: ``CryptoError`` when the key is no point of the curve or OpenSSL refuses.
    public func isValid(
        _ signature: some Collection<UInt8>, for message: some Collection<UInt8>
    ) throws(CryptoError) -> Bool {
        guard signature.count == Self.signatureLength else { return false }
        return try KeyHandle(publicKey: bytes).isValid(Array(signature), for: Array(message))
    }
}

extension Ed25519PublicKey: CustomStringConvertible {
    /// The key in base64.
    public var description: String { Base64.standard.encode(bytes) }
}
