import COpenSSL

/// Random numbers that nobody can guess, from OpenSSL's generator.
public struct SecureRandom: RandomNumberGenerator, Sendable {
    /// Creates the generator; it keeps no state of its own.
    public init() {}

    /// Returns 64 random bits.
    public mutating func next() -> UInt64 {
        var bits: UInt64 = 0
        let result = withUnsafeMutableBytes(of: &bits) {
            RAND_bytes($0.baseAddress?.assumingMemoryBound(to: UInt8.self), CInt($0.count))
        }
        guard result == 1 else {
            // This call cannot throw; the system's generator, which OpenSSL is seeded from, is as hard to guess.
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
        return bits
    }

    /// Returns that many random bytes.
    ///
    /// - Throws: ``CryptoError/failed(operation:detail:)`` when OpenSSL has no randomness to give.
    public func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
        guard let length = CInt(exactly: count), length >= 0 else {
            throw .failed(operation: "RAND_bytes", detail: "\(count) bytes cannot be asked for at once")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        try CryptoError.check(RAND_bytes(&bytes, length), "RAND_bytes")
        return bytes
    }
}
