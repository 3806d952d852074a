/// A text in characters, and how long each stretch of it is in the unit that a platform counts in.
struct TextMeasure: Sendable {
    /// What platforms count.
    enum Unit: String, CaseIterable, Sendable {
        /// What a reader counts: grapheme clusters.
        case characters
        /// UTF-16 code units, as Telegram and most of what is written in JavaScript counts.
        case utf16
        /// Bytes of UTF-8.
        case bytes

        /// How long a text is.
        func size(of text: some StringProtocol) -> Int {
            switch self {
            case .characters: text.count
            case .utf16: text.utf16.count
            case .bytes: text.utf8.count
            }
        }
    }

    /// The characters; one that is longer than the limit by itself is taken apart.
    let characters: [Character]
    /// How long the text is before each character, and as a whole.
    private let offsets: [Int]

    /// Measures a text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - unit: what is counted.
    ///   - limit: how long a character may be at most; a longer one becomes several.
    init(_ text: String, unit: Unit, limit: Int) {
        var characters: [Character] = []
        characters.reserveCapacity(text.utf8.count)
        for character in text {
            if unit.size(of: String(character)) <= limit {
                characters.append(character)
            } else {
                characters += character.unicodeScalars.map { Character($0) }
            }
        }
        var offsets = [0]
        offsets.reserveCapacity(characters.count + 1)
        var sum = 0
        for character in characters {
            switch unit {
            case .characters: sum += 1
            case .utf16: sum += character.utf16.count
            case .bytes: sum += character.utf8.count
            }
            offsets.append(sum)
        }
        self.characters = characters
        self.offsets = offsets
    }

    /// How long a stretch is.
    func size(_ range: Range<Int>) -> Int { offsets[range.upperBound] - offsets[range.lowerBound] }

    /// The end of the longest stretch from `start` on that is no longer than `budget`; one character at least.
    func end(from start: Int, budget: Int) -> Int {
        var (lower, upper) = (start + 1, characters.count)
        guard lower < upper else { return upper }
        while lower < upper {
            let middle = (lower + upper + 1) / 2
            if offsets[middle] - offsets[start] <= budget { lower = middle } else { upper = middle - 1 }
        }
        return lower
    }
}
