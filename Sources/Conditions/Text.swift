/// A text in quotes as messages and explanations may show it: without control characters, and cut when it is long.
func quoted(_ text: some StringProtocol, limit: Int = 60) -> String {
    let shown = text.unicodeScalars.prefix(limit).map { scalar in
        let isControl = scalar.properties.generalCategory == .control || (0x2028...0x202E).contains(scalar.value)
        return isControl ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return "\"\(shown.joined())\(text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")\""
}
