/// Escapes what Markdown would take for markup, and no more, so that the text stays readable as it is.
enum MarkdownEscaping {
    /// Escapes within a line (CommonMark §2.4).
    static func escaped(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let before = index > 0 ? scalars[index - 1] : " "
            let after = index + 1 < scalars.count ? scalars[index + 1] : " "
            if isMarkup(scalar, before: before, after: after) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }

    /// Escapes what is markup at the start of a line only: headings, quotes, lists, rules.
    static func escapedAtStart(_ line: Substring) -> String {
        let body = line.drop { $0 == " " }
        guard let first = body.first else { return String(line) }
        let second = body.dropFirst().first ?? " "
        switch first {
        case "#":
            let rest = body.drop { $0 == "#" }
            return rest.isEmpty || rest.first == " " ? "\\\(body)" : String(body)
        case ">": return "\\\(body)"
        case "+" where second == " ", "*" where second == " ": return "\\\(body)"
        case "-" where second == " " || body.allSatisfy({ $0 == "-" || $0 == " " }): return "\\\(body)"
        case "=" where body.allSatisfy({ $0 == "=" || $0 == " " }): return "\\\(body)"
        case "0"..."9":
            let digits = body.prefix { ("0"..."9").contains($0) }
            let rest = body.dropFirst(digits.count)
            guard digits.count <= 9, rest.first == "." || rest.first == ")", (rest.dropFirst().first ?? " ") == " "
            else { break }
            return "\(digits)\\\(rest)"
        default: break
        }
        return String(body)
    }

    private static func isMarkup(_ scalar: Unicode.Scalar, before: Unicode.Scalar, after: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\\": after.isASCIIPunctuation
        case "`", "[", "]": true
        case "*": before != " " || after != " "
        // Within a word an underscore is one (CommonMark §6.2).
        case "_": !(before.properties.isAlphabetic && after.properties.isAlphabetic)
        case "~": before == "~" || after == "~"
        case "<": after.isASCIILetter || after == "/" || after == "!" || after == "?"
        case "&": after.isASCIILetter || after == "#"
        default: false
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

    fileprivate var isASCIIPunctuation: Bool {
        ("!"..."/").contains(self) || (":"..."@").contains(self) || ("["..."`").contains(self)
            || ("{"..."~").contains(self)
    }
}
