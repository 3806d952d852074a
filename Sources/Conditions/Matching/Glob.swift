/// A text with holes: `*` stands for any number of characters, `?` for one; a backslash takes the next character as it
/// is.
///
/// It is matched as a regular expression, so that it is bounded as one. What stands between two stars is looked for
/// once, from left to right, and the place kept (`(?>…)`): a later place could not help the rest of the text to fit.
struct Glob: Sendable, Hashable {
    /// The glob as it is written.
    let text: String
    private let expression: RegularExpression

    /// Compiles a glob.
    ///
    /// - Throws: ``RegularExpressionError`` when it is too long.
    init(_ text: String) throws(RegularExpressionError) {
        self.text = text
        let segments = Self.segments(text)
        var pattern = "\\A" + (segments.first ?? "")
        for segment in segments.dropFirst().dropLast() where !segment.isEmpty { pattern += "(?>.*?\(segment))" }
        if segments.count == 1 { pattern += "\\z" }
        if segments.count > 1, let last = segments.last, !last.isEmpty { pattern += ".*\(last)\\z" }
        expression = try RegularExpression(pattern, options: .dotMatchesLineBreaks)
    }

    /// Whether a text has a hole in it, so that it is a glob.
    static func hasHoles(_ text: String) -> Bool { text.contains { $0 == "*" || $0 == "?" } }

    /// Whether one of the texts fits as a whole.
    func match(anyOf texts: some Collection<String>) -> MatchOutcome { expression.match(anyOf: texts) }

    /// What stands between the stars, each as a pattern.
    private static func segments(_ text: String) -> [String] {
        var segments = [""]
        var isEscaped = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where isEscaped:
                segments[segments.count - 1] += literal(scalar)
                isEscaped = false
            case "\\": isEscaped = true
            case "*": segments.append("")
            case "?": segments[segments.count - 1] += "\\X"
            default: segments[segments.count - 1] += literal(scalar)
            }
        }
        if isEscaped { segments[segments.count - 1] += literal("\\") }
        return segments
    }

    private static func literal(_ scalar: Unicode.Scalar) -> String {
        let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        return isPlain ? String(scalar) : "\\" + String(scalar)
    }
}
