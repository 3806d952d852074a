/// A secret that is told by the word before it: `password: hunter2`, `api_key="…"`, `密码：…`, `Bearer …`.
enum LabelledSecret {
    /// Words after which anything is a password.
    private static let passwords = ["password", "passphrase", "passwort", "passwd", "kennwort", "pwd"]
    /// Words after which what looks like a key is one.
    private static let keys = [
        "secret", "token", "api_key", "api-key", "apikey", "access_key", "private_key", "auth_key",
    ]
    private static let others: [[Unicode.Scalar]] = ["密码", "密碼", "口令", "パスワード", "пароль"].map {
        Array($0.unicodeScalars)
    }

    /// Where the secret stands, when a word begins here.
    static func range(in text: RedactionText, at start: Int) -> Range<Int>? {
        if let word = passwords.first(where: { text.has($0, at: start, ignoringCase: true) }) {
            return value(text, start + word.utf8.count, shortest: 4)
        }
        if let word = keys.first(where: { text.has($0, at: start, ignoringCase: true) }) {
            return value(text, start + word.utf8.count, shortest: 8, needsDigit: true)
        }
        if let word = others.first(where: { text.scalars[start...].starts(with: $0) }) {
            return value(text, start + word.count, shortest: 4)
        }
        guard text.has("bearer ", at: start, ignoringCase: true) else { return nil }
        let end = text.end(of: { $0.isTokenByte || "+/=.~".utf8.contains($0) }, from: start + 7)
        return end - start - 7 >= 16 ? start + 7..<end : nil
    }

    /// What stands after a colon or an equals sign, in quotes or up to white space.
    private static func value(
        _ text: RedactionText, _ wordEnd: Int, shortest: Int, needsDigit: Bool = false
    ) -> Range<Int>? {
        var position = wordEnd
        if isQuote(text[position]) { position += 1 }
        position = text.end(of: isSpace, from: position, before: position + 4)
        guard text[position] == UInt8(ascii: ":") || text[position] == UInt8(ascii: "=") else { return nil }
        position = text.end(of: isSpace, from: position + 1, before: position + 5)
        let quote = isQuote(text[position]) ? text[position] : nil
        if quote != nil { position += 1 }
        var end = position
        while end < text.count, end - position < 500, !isEnd(text, end, quote) { end += 1 }
        if quote == nil {
            while end > position, ".,;)".utf8.contains(text[end - 1]) { end -= 1 }
        }
        guard end - position >= shortest else { return nil }
        return needsDigit && !(position..<end).contains(where: { text[$0].isDigit }) ? nil : position..<end
    }

    private static func isEnd(_ text: RedactionText, _ index: Int, _ quote: UInt8?) -> Bool {
        if let quote { return text[index] == quote || text[index] == UInt8(ascii: "\n") }
        return text.scalars[index].properties.isWhitespace || "，。；、<".unicodeScalars.contains(text.scalars[index])
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
