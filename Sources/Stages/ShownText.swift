/// A text of somebody else's as traces and errors may show it.
enum ShownText {
    /// The most characters of a value that are shown.
    static let limit = 60

    /// How many characters a text has, as a reader counts them.
    static func count(_ text: String) -> Int {
        // In ASCII only a line break of two bytes is one character.
        text.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0D } ? text.utf8.count : text.count
    }

    /// The text in quotes, cut, with its control characters escaped, so that it cannot move the reader's cursor.
    static func quoted(_ text: String) -> String {
        let shown = escaped(text.unicodeScalars.prefix(limit))
        let isCut = !text.unicodeScalars.dropFirst(limit).isEmpty
        return "\"\(shown)\(isCut ? "…" : "")\""
    }

    /// The text with its control characters escaped.
    static func escaped(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var shown = ""
        for scalar in scalars {
            if isUnsafe(scalar) { shown += scalar.escaped(asASCII: true) } else { shown.unicodeScalars.append(scalar) }
        }
        return shown
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: scalar == "\"" || scalar == "\\"
        }
    }
}
