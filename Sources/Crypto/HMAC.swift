import COpenSSL

/// Proves with a shared key that a message was not changed (RFC 2104).
public struct HMAC: Sendable {
    private let function: HashFunction
    private let key: [UInt8]

    /// Creates the means to make and check codes with a key.
    ///
    /// - Throws: ``CryptoError/badKey(kind:reason:)`` for an empty key, with which anybody could make a valid code.
    public init(_ function: HashFunction, key: some Collection<UInt8>) throws(CryptoError) {
        guard !key.isEmpty else {
            throw .badKey(kind: "HMAC", reason: "it is empty; is the secret set?")
        }
        guard CInt(exactly: key.count) != nil else { throw .badKey(kind: "HMAC", reason: "it is over 2 GiB") }
        self.function = function
        self.key = Array(key)
    }

    /// Returns the code of the message, as long as the function's digest.
    ///
    /// - Throws: ``CryptoError/failed(operation:detail:)`` when OpenSSL refuses.
    public func code(for message: some Collection<UInt8>) throws(CryptoError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: function.digestLength)
        var length: CUnsignedInt = 0
        let result = withBytes(message) { message in
            COpenSSL.HMAC(
                function.implementation, key, CInt(key.count), message.baseAddress, message.count, &code, &length)
        }
        guard result != nil, length == code.count else { throw .last("HMAC") }
        return code
    }

    /// Tells whether the code is that of the message, in a time that does not depend on where they differ.
    ///
    /// - Throws: ``CryptoError/failed(operation:detail:)`` when OpenSSL refuses.
    public func isValid(
        _ code: some Collection<UInt8>, for message: some Collection<UInt8>
    ) throws(CryptoError) -> Bool {
        constantTimeEquals(try self.code(for: message), code)
    }
}

extension HMAC: CustomStringConvertible {
    /// The function's name; the key is never shown.
    public var description: String { "HMAC-\(function.rawValue)(***)" }
}

extension HMAC: CustomReflectable {
    /// Nothing: a dump must not show the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Compares two secrets in a time that depends on their lengths alone.
public func constantTimeEquals(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return withBytes(left) { left in withBytes(right) { CRYPTO_memcmp(left.baseAddress, $0.baseAddress, $0.count) } }
        == 0
}
