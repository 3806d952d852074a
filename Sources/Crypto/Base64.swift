/// Bytes as text of 64 characters (RFC 4648 §4 and §5).
public struct Base64: Sendable, Hashable {
    /// What is said about the `=` at the end.
    public enum Padding: Sendable, Hashable {
        /// Written, and demanded.
        case required
        /// Not written, and refused.
        case none
        /// Written, and taken with or without.
        case optional
    }

    /// With `+`, `/` and padding.
    public static let standard = Base64(characters: "+/", padding: .required, name: "base64")
    /// With `-` and `_` and without padding, as in JSON Web Tokens (RFC 7515 §2).
    public static let url = Base64(characters: "-_", padding: .none, name: "base64url")

    private let alphabet: [UInt8]
    private let values: [UInt8]
    private let padding: Padding
    private let name: String

    private init(characters: String, padding: Padding, name: String) {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + characters
        alphabet = Array(letters.utf8)
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
        self.padding = padding
        self.name = name
    }

    private init(_ other: Base64, padding: Padding) {
        alphabet = other.alphabet
        values = other.values
        name = other.name
        self.padding = padding
    }

    /// Returns the same coding with another rule for the `=` at the end.
    public func padded(_ padding: Padding) -> Base64 {
        Base64(self, padding: padding)
    }

    /// Returns the bytes as text, without line breaks.
    public func encode(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { buffer in
            var position = 0
            var bits: UInt32 = 0
            var count = 0
            for byte in bytes {
                bits = bits << 8 | UInt32(byte)
                count += 8
                while count >= 6 {
                    count -= 6
                    buffer[position] = alphabet[Int(bits >> UInt32(count) & 63)]
                    position += 1
                }
            }
            if count > 0 {
                buffer[position] = alphabet[Int(bits << UInt32(6 - count) & 63)]
                position += 1
            }
            while padding != .none, position % 4 != 0 {
                buffer[position] = UInt8(ascii: "=")
                position += 1
            }
            return position
        }
    }

    /// Returns the bytes of the text.
    ///
    /// - Throws: ``CryptoError/badCoding(coding:offset:reason:)`` for white space or any other character, for padding
    ///   that is wrong, and for bits that are left over, so that two texts never stand for the same bytes.
    public func decode(_ text: some StringProtocol) throws(CryptoError) -> [UInt8] {
        let length = try lengthWithoutPadding(text)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for (offset, character) in text.utf8.prefix(length).enumerated() {
            let value = values[Int(character)]
            guard value != 0xFF else { throw bad(offset, "this character has no meaning here") }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        guard count < 6 else { throw bad(length, "the text is cut off") }
        guard bits & (1 << UInt32(count) - 1) == 0 else { throw bad(length, "bits are left over") }
        return bytes
    }

    private func lengthWithoutPadding(_ text: some StringProtocol) throws(CryptoError) -> Int {
        let total = text.utf8.count
        let signs = text.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let length = total - signs
        if signs == 0 {
            guard padding != .required || length % 4 == 0 else { throw bad(total, "the padding is missing") }
        } else {
            guard padding != .none else { throw bad(length, "there must be no padding") }
            guard signs <= 2, total % 4 == 0 else { throw bad(length, "the padding is wrong") }
        }
        return length
    }

    private func bad(_ offset: Int, _ reason: String) -> CryptoError {
        .badCoding(coding: name, offset: offset, reason: reason)
    }
}
