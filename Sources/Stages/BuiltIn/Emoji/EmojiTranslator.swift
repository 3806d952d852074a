import Messages

/// Puts emoji in the place of their names, or names in the place of emoji.
struct EmojiTranslator: Sendable {
    /// Which way.
    enum Direction: String, CaseIterable, Sendable {
        /// `:smile:` to 😄.
        case emoji
        /// 😄 to `:smile:`.
        case names
    }

    /// The most characters of a name.
    private static let nameLength = 60

    var direction: Direction
    var table = EmojiTable.standard

    /// Translates a text; in Markdown code and links stay as they are.
    func translate(_ text: String, as format: TextFormat) -> String {
        guard mayHave(text) else { return text }
        let characters = Array(text)
        let kept = Self.kept(characters, format)
        var result = ""
        var index = 0
        while index < characters.count {
            if kept[index] {
                result.append(characters[index])
                index += 1
            } else if direction == .names {
                result += table.name(of: characters[index]) ?? String(characters[index])
                index += 1
            } else if let (sign, end) = emoji(in: characters, at: index) {
                result += sign
                index = end
            } else {
                result.append(characters[index])
                index += 1
            }
        }
        return result
    }

    private func mayHave(_ text: String) -> Bool {
        direction == .emoji ? text.utf8.contains(UInt8(ascii: ":")) : text.utf8.contains { $0 >= 0x80 }
    }

    /// The emoji whose name begins here, and where the name ends: with a tone of skin, if one follows.
    private func emoji(in text: [Character], at start: Int) -> (sign: String, end: Int)? {
        guard let (name, end) = name(in: text, at: start), let sign = table.emoji[name] else { return nil }
        // 10:30:20 is a time.
        if start > 0, text[start - 1].isLetter || text[start - 1].isNumber, text[start - 1].isASCII { return nil }
        if let (tone, toneEnd) = self.name(in: text, at: end), tone.hasPrefix("skin-tone-"),
            let number = Int(tone.dropFirst(10))
        {
            return (EmojiTable.toned(sign, number), toneEnd)
        }
        if end < text.count, text[end].isNumber { return nil }
        return (sign, end)
    }

    private func name(in text: [Character], at start: Int) -> (name: String, end: Int)? {
        guard start < text.count, text[start] == ":" else { return nil }
        var name = ""
        var index = start + 1
        while index < text.count, name.count <= Self.nameLength, let byte = text[index].asciiValue,
            byte.isLetterOrDigit || "_+-".utf8.contains(byte)
        {
            name.append(text[index])
            index += 1
        }
        guard index < text.count, text[index] == ":", !name.isEmpty else { return nil }
        return (name.lowercased(), index + 1)
    }

    /// For each character whether it is part of what is not translated.
    private static func kept(_ text: [Character], _ format: TextFormat) -> [Bool] {
        var kept = Array(repeating: false, count: text.count)
        guard format != .plain else { return kept }
        let atoms = MarkupAtoms(text, format: format)
        for index in kept.indices { kept[index] = atoms.cover[index] >= 0 }
        for fence in atoms.fences { for index in fence.range { kept[index] = true } }
        return kept
    }
}
