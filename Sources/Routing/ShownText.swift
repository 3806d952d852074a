/// A text of a file in quotes, cut, and with its control characters escaped.
func shown(_ text: some StringProtocol, limit: Int = 60) -> String {
    let scalars = text.unicodeScalars.prefix(limit).map { scalar in
        let isUnsafe = scalar.properties.generalCategory == .control || (0x2028...0x202E).contains(scalar.value)
        return isUnsafe ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return "\"\(scalars.joined())\(text.unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")\""
}
