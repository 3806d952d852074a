/// A text that was decoded from bytes.
public struct DecodedText: Sendable, Hashable {
    /// The text, without a byte order mark.
    public let text: String
    /// The character set it was decoded from.
    public let charset: String
    /// How many places could not be decoded and hold U+FFFD instead.
    public let replaced: Int

    /// Creates a decoded text.
    public init(text: String, charset: String, replaced: Int) {
        self.text = text
        self.charset = charset
        self.replaced = replaced
    }
}

/// Decodes bytes into text, whatever was declared of them.
///
/// The order: a byte order mark; the declared character set; UTF-8; the declared one again when only few places are
/// damaged; windows-1252. A declaration that decodes without a fault is believed. It never fails: what cannot be decoded
/// becomes U+FFFD and is counted.
public enum CharacterDecoder {
    /// Decodes bytes of which somebody declared, or did not, what character set they are in.
    public static func decode(_ bytes: [UInt8], declared: String?) -> DecodedText {
        if let mark = ByteOrderMark(of: bytes) {
            return decodeWithFaults(Array(bytes.dropFirst(mark.length)), from: mark.charset)
        }
        let charset = declared.flatMap(CharacterSetName.canonical(of:))
        if let charset, charset != "UTF-8", let text = decodeStrictly(bytes, from: charset) {
            return DecodedText(text: text, charset: charset, replaced: 0)
        }
        if let text = decodeStrictly(bytes, from: "UTF-8") {
            return DecodedText(text: text, charset: "UTF-8", replaced: 0)
        }
        // One broken character must not turn a whole text into another alphabet.
        let lenient = decodeWithFaults(bytes, from: charset ?? "UTF-8")
        let foreign = bytes.count { $0 >= 0x80 }
        if lenient.replaced * 10 <= foreign { return lenient }
        return decodeWithFaults(bytes, from: "windows-1252")
    }

    /// Decodes an XML document: as ``decode(_:declared:)``, where the declaration is the transport's, else the one in
    /// `<?xml encoding="…"?>`, else what the first bytes look like (XML 1.0 appendix F).
    public static func decodeXML(_ bytes: [UInt8], declared: String?) -> DecodedText {
        // A sixteen-bit text is seen in its zeros, and a declaration that says otherwise cannot be true.
        if let charset = XMLDeclaration.sixteenBitCharset(of: bytes) { return decodeWithFaults(bytes, from: charset) }
        // RFC 3023 made text/xml without a charset us-ascii; nobody heeds that, nor does anybody mean it.
        let transport = declared.flatMap { CharacterSetName.isASCII($0) ? nil : CharacterSetName.canonical(of: $0) }
        return decode(bytes, declared: transport ?? XMLDeclaration.encoding(in: bytes))
    }

    private static func decodeStrictly(_ bytes: [UInt8], from charset: String) -> String? {
        guard charset != "UTF-8" else { return String(validating: bytes, as: UTF8.self) }
        guard let converter = CharacterConverter(from: charset),
            let converted = converter.convert(bytes, replacingFaults: false)
        else { return nil }
        return String(decoding: converted.bytes, as: UTF8.self)
    }

    private static func decodeWithFaults(_ bytes: [UInt8], from charset: String) -> DecodedText {
        if charset != "UTF-8", let converter = CharacterConverter(from: charset),
            let converted = converter.convert(bytes, replacingFaults: true)
        {
            let text = String(decoding: converted.bytes, as: UTF8.self)
            return DecodedText(text: text, charset: charset, replaced: converted.replaced)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let replaced = text.unicodeScalars.count { $0 == "\u{FFFD}" }
        return DecodedText(text: text, charset: "UTF-8", replaced: replaced)
    }
}
