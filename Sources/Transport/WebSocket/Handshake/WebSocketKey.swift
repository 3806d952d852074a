import COpenSSL

/// The key of a handshake, and the answer that proves that it was read (RFC 6455 §4.2.2).
///
/// No secret and no signature: OpenSSL's SHA-1 and base64 are called here because Transport stands on no other room of
/// ours that has them.
enum WebSocketKey {
    /// Makes a key of 16 random bytes.
    static func make(_ random: @Sendable () -> UInt64) -> String {
        let bytes = [random(), random()].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        return base64(bytes)
    }

    /// Random bits of the system's, which nobody can foresee (RFC 6455 §5.3).
    @Sendable static func systemRandom() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Tells whether a text is the base64 of 16 bytes.
    static func isValid(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        guard bytes.count == 24, bytes[22] == 0x3D, bytes[23] == 0x3D, bytes[..<22].allSatisfy(\.isBase64) else {
            return false
        }
        return true
    }

    /// What the server answers with in `Sec-WebSocket-Accept`; nil when OpenSSL has no SHA-1 to give.
    static func answer(to key: String) -> String? {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        guard EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil) == 1 else { return nil }
        return base64(digest)
    }

    static func base64(_ bytes: [UInt8]) -> String {
        // Four characters for three bytes, and a zero.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, CInt(bytes.count))
        return String(decoding: text[..<Int(max(0, count))], as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isBase64: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
        default: false
        }
    }
}
