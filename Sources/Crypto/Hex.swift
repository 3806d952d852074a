/// Bytes as pairs of hexadecimal digits (RFC 4648 §8).
public enum Hex {
    /// Returns the bytes in lower case.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            var position = 0
            for byte in bytes {
                buffer[position] = digits[Int(byte >> 4)]
                buffer[position + 1] = digits[Int(byte & 15)]
                position += 2
            }
            return position
        }
    }

    /// Returns the bytes of the text, in upper or lower case.
    ///
    /// - Throws: ``CryptoError/badCoding(coding:offset:reason:)`` for another character or an odd number of digits.
    public static func decode(_ text: some StringProtocol) throws(CryptoError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        var offset = 0
        for character in text.utf8 {
            guard let digit = value(of: character) else {
                throw .badCoding(coding: "hexadecimal", offset: offset, reason: "expected 0-9, a-f or A-F")
            }
            if let first = high { bytes.append(first << 4 | digit) }
            high = high == nil ? digit : nil
            offset += 1
        }
        guard high == nil else {
            throw .badCoding(coding: "hexadecimal", offset: offset, reason: "the last byte has one digit")
        }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
