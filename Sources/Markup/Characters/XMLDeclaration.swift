/// What the first bytes of an XML document tell of its character set (XML 1.0 appendix F).
enum XMLDeclaration {
    /// The character set that the zeros around the first `<` give away.
    static func sixteenBitCharset(of bytes: [UInt8]) -> String? {
        guard bytes.count >= 4 else { return nil }
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0, 0x3C, 0, 1...): return "UTF-16BE"
        case (0x3C, 0, 1..., 0): return "UTF-16LE"
        case (0, 0, 0, 0x3C): return "UTF-32BE"
        case (0x3C, 0, 0, 0): return "UTF-32LE"
        default: return nil
        }
    }

    /// The name in `<?xml … encoding="…"?>`.
    static func encoding(in bytes: [UInt8]) -> String? {
        let head = String(decoding: bytes.prefix(1_024), as: UTF8.self)
        guard let start = head.firstRange(of: "<?xml"), let end = head[start.upperBound...].firstRange(of: "?>") else {
            return nil
        }
        let declaration = head[start.upperBound..<end.lowerBound]
        guard let key = declaration.firstRange(of: "encoding") else { return nil }
        let value = declaration[key.upperBound...].drop { $0.isWhitespace || $0 == "=" }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        return value.dropFirst().split(separator: quote, maxSplits: 1, omittingEmptySubsequences: false).first
            .map(String.init)
    }
}
