extension String {
    /// How many columns the text takes in a terminal: two for each wide character of East Asia and each emoji.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// The text with spaces behind it up to so many columns; one that is longer is cut.
    func padded(toColumns width: Int) -> String {
        let text = cut(toColumns: width)
        return text + String(repeating: " ", count: max(0, width - text.columns))
    }

    /// The text, cut to so many columns, with an ellipsis as the last one where something is missing.
    func cut(toColumns width: Int) -> String {
        guard columns > width else { return self }
        var result = ""
        var used = 0
        for character in self {
            guard used + character.columns < width else { break }
            used += character.columns
            result.append(character)
        }
        return "\(result)…"
    }
}

extension Character {
    /// One or two columns, as UAX #11 has it for the blocks that are wide throughout.
    fileprivate var columns: Int {
        guard let scalar = unicodeScalars.first, scalar.value >= 0x1100 else { return 1 }
        return Self.wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
