/// The rules by which strangers' text becomes part of a line that people and programs trust.
enum LogText {
    /// The value as it stands, or in quotes when it is empty or holds something that would end it early.
    static func value(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar != " " && scalar != "\"" && scalar != "=" && scalar != "\\" && !isHidden(scalar)
            }
        return isPlain ? text : "\"\(escaped(text))\""
    }

    /// The name of a fact as one word.
    static func name(_ text: String) -> String {
        escaped(String(text.map { $0 == " " || $0 == "=" ? "_" : $0 }))
    }

    /// The text with quotes, backslashes and everything that does not show escaped.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isHidden(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text, or its beginning and how much was left out.
    static func shortened(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while String.Index(end, within: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        let kept = text[..<end]
        return "\(kept)… (\(text.utf8.count - kept.utf8.count) bytes more)"
    }

    /// Control, format and separator characters: they move a terminal's cursor, part lines or turn the direction of text.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: return true
        default: return false
        }
    }
}
