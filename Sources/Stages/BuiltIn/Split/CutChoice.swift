/// Chooses where a piece of a text ends: the best place in its second half, a worse one there, or whatever there is.
struct CutChoice {
    let text: [Character]
    /// Whether a cut before a character goes through something that stays whole.
    let isCovered: (Int) -> Bool

    /// How good a place is.
    private enum Quality: Int, CaseIterable {
        /// An empty line.
        case paragraph
        case line
        case sentence
        /// White space, or between two characters of a script that has none between words.
        case word
    }

    /// The best place to cut at, behind `start` and not behind `end`; `nil` when all lies inside one thing.
    func cut(from start: Int, to end: Int) -> Int? {
        let half = start + (end - start) / 2
        for quality in Quality.allCases {
            if let place = last(quality, in: half + 1, end) { return place }
        }
        for quality in Quality.allCases {
            if let place = last(quality, in: start + 1, half) { return place }
        }
        return last(where: { _ in true }, in: start + 1, end)
    }

    /// The last line's end, for code.
    func lineCut(from start: Int, to end: Int) -> Int? {
        last(where: { text[$0 - 1].isNewline }, in: start + 1, end)
    }

    private func last(_ quality: Quality, in start: Int, _ end: Int) -> Int? {
        switch quality {
        case .paragraph: last(where: { $0 > 1 && text[$0 - 1].isNewline && text[$0 - 2].isNewline }, in: start, end)
        case .line: last(where: { text[$0 - 1].isNewline || isNewline(at: $0) }, in: start, end)
        case .sentence: last(where: isSentenceEnd, in: start, end)
        case .word: last(where: isWordEnd, in: start, end)
        }
    }

    private func last(where fits: (Int) -> Bool, in start: Int, _ end: Int) -> Int? {
        guard start <= end else { return nil }
        return (start...end).last { !isCovered($0) && fits($0) }
    }

    private func isSentenceEnd(_ place: Int) -> Bool {
        let last = text[place - 1]
        if "。！？…".contains(last) { return place >= text.count || !Self.clings(text[place]) }
        if last.isWhitespace { return place > 1 && ".!?".contains(text[place - 2]) }
        return ".!?".contains(last) && (place == text.count || text[place].isWhitespace)
    }

    private func isNewline(at place: Int) -> Bool { place < text.count && text[place].isNewline }

    private func isWordEnd(_ place: Int) -> Bool {
        let last = text[place - 1]
        if last.isWhitespace { return true }
        guard place < text.count, !text[place].isWhitespace else { return true }
        return Self.isIdeographic(last) && !Self.clings(text[place])
    }

    /// Whether the character belongs to the one before: closing brackets and marks do not begin a line (JIS X 4051).
    private static func clings(_ character: Character) -> Bool {
        "、。，．！？：；）」』】〉》〕”’ー々・…%".contains(character)
    }

    private static func isIdeographic(_ character: Character) -> Bool {
        guard let value = character.unicodeScalars.first?.value else { return false }
        return (0x3001...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
            || (0xF900...0xFAFF).contains(value)
            || (0x2_0000...0x3_FFFF).contains(value) || (0xFF00...0xFFEF).contains(value) && value < 0xFF66
    }
}
