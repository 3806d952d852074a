/// Emoji and the names that chats have for them.
struct EmojiTable: Sendable {
    /// The table that is built in, read when it is first needed.
    static let standard = EmojiTable(PackageResources.emoji_txt)

    /// The emoji of a name.
    let emoji: [String: String]
    /// The usual name of an emoji, without the mark that asks for its colourful form.
    private let names: [String: String]

    /// The mark that asks for the colourful form of a sign (VS16, UTS #51 §1.4.3).
    private static let colourful: Unicode.Scalar = "\u{FE0F}"
    /// The five tones of skin, from light to dark (UTS #51 §2.4).
    private static let tones: ClosedRange<Unicode.Scalar> = "\u{1F3FB}"..."\u{1F3FF}"

    /// Reads a table: an emoji and its names in each line, comments behind `# `.
    init(_ bytes: [UInt8]) {
        var (emoji, names) = ([String: String](), [String: String]())
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        where !line.hasPrefix("# ") && line != "#" {
            let fields = line.split(separator: " ").map(String.init)
            guard let sign = fields.first, fields.count > 1 else { continue }
            for name in fields.dropFirst() { emoji[name] = emoji[name] ?? sign }
            names[Self.bare(sign)] = fields[1]
        }
        (self.emoji, self.names) = (emoji, names)
    }

    /// The name of an emoji with colons, and one for its tone of skin; `nil` when it has none.
    func name(of character: Character) -> String? {
        guard Self.isColourful(character) else { return nil }
        if let name = names[Self.bare(String(character))] { return ":\(name):" }
        let scalars = character.unicodeScalars
        guard let tone = scalars.first(where: Self.tones.contains) else { return nil }
        let plain = String(String.UnicodeScalarView(scalars.filter { !Self.tones.contains($0) }))
        return names[Self.bare(plain)].map { ":\($0)::skin-tone-\(tone.value - 0x1F3FB + 2):" }
    }

    /// The emoji with a tone of skin, from 2 for light to 6 for dark.
    static func toned(_ emoji: String, _ tone: Int) -> String {
        guard (2...6).contains(tone), let scalar = Unicode.Scalar(0x1F3FB + UInt32(tone - 2)) else { return emoji }
        var scalars = String.UnicodeScalarView(emoji.unicodeScalars.filter { $0 != colourful })
        // The tone follows the first sign, also where others are joined to it.
        scalars.insert(scalar, at: scalars.index(after: scalars.startIndex))
        return String(scalars)
    }

    /// Whether the character is shown as a picture: © and ™ are signs as long as nothing asks for more.
    private static func isColourful(_ character: Character) -> Bool {
        character.unicodeScalars.contains { scalar in
            scalar == colourful || scalar == "\u{20E3}" || scalar == "\u{200D}" || tones.contains(scalar)
                || scalar.properties.isEmojiPresentation
        }
    }

    private static func bare(_ sign: String) -> String {
        String(String.UnicodeScalarView(sign.unicodeScalars.filter { $0 != colourful }))
    }
}
