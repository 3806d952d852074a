import Markup

/// Makes text of the bytes of text parts.
enum MailText {
    /// Decodes bytes in the declared charset or the one they look like; lines end with LF, control characters go.
    static func decoded(_ bytes: [UInt8], charset: String?) -> String {
        // Who declares ASCII and writes something else did not think about it.
        let declared = charset?.lowercased() == "us-ascii" ? nil : charset
        let text = CharacterDecoder.decode(bytes, declared: declared).text
        var result = ""
        result.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
        var afterReturn = false
        for scalar in text.unicodeScalars {
            defer { afterReturn = scalar == "\r" }
            switch scalar {
            case "\r": result.unicodeScalars.append("\n")
            case "\n": if !afterReturn { result.unicodeScalars.append("\n") }
            case "\t": result.unicodeScalars.append(scalar)
            default: if scalar.value >= 0x20, scalar.value != 0x7F { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// The text without empty lines at its end.
    static func withoutTrailingLines(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let last = scalars.last, last == "\n" || last == " " || last == "\t" || last == "\u{A0}" {
            scalars.removeLast()
        }
        return String(scalars)
    }
}

extension StringProtocol {
    /// Without white space around it.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension String {
    /// The text up to this many bytes of UTF-8, without a piece of a character at the end.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = max(0, limit)
        while end > 0 {
            if let text = String(utf8.prefix(end)) { return text }
            end -= 1
        }
        return ""
    }
}
