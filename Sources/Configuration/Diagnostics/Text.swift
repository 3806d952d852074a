/// A text as messages may show it: without control characters, and cut when it is long.
///
/// A message goes to a terminal; what stands in a file must neither move the cursor nor fill the screen.
func printable(_ text: some StringProtocol, limit: Int = 120) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        if isControl(scalar) { shown += scalar.escaped(asASCII: true) } else { shown.unicodeScalars.append(scalar) }
    }
    return text.unicodeScalars.dropFirst(limit).isEmpty ? shown : shown + "…"
}

/// A text in double quotes, for messages.
func quoted(_ text: some StringProtocol) -> String { "\"\(printable(text))\"" }

/// Whether a character steers a terminal instead of showing something.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
}

/// Words as a sentence lists them: `a, b or c`.
func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
