/// What counts as the same character in lists of words: upper and lower case, full and half width, and what a table says.
struct WordFolding: Sendable {
    /// What a table of characters says: traditional to simplified, say.
    private let table: [Unicode.Scalar: Unicode.Scalar]

    /// Makes a folding; the table's own characters are folded first.
    init(table: [Unicode.Scalar: Unicode.Scalar] = [:]) {
        self.table = table
    }

    /// The character that stands for a character.
    func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let simple = Self.folded[scalar] ?? scalar
        return table.isEmpty ? simple : table[simple] ?? simple
    }

    /// All characters that others stand for, with those.
    var pairs: [(from: Unicode.Scalar, to: Unicode.Scalar)] {
        Self.folded.map { ($0.key, fold($0.key)) } + table.map { ($0.key, fold($0.key)) }
    }

    /// Characters that change by case or width, and what they become.
    private static let folded: [Unicode.Scalar: Unicode.Scalar] = {
        var folded: [Unicode.Scalar: Unicode.Scalar] = [:]
        for value in UInt32(0x41)..<0x1_E944 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let other = lowercase(narrow(scalar))
            if other != scalar { folded[scalar] = other }
        }
        return folded
    }()

    private static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard scalar.properties.isUppercase || scalar.properties.isCased else { return scalar }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first ?? scalar : scalar
    }

    /// Full-width letters, digits and signs to those of ASCII, half-width Katakana to the usual ones (UAX #11).
    private static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x3000: return " "
        case 0xFF66...0xFF9D: return katakana[Int(scalar.value - 0xFF66)]
        default: return scalar
        }
    }

    private static let katakana = Array(
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン".unicodeScalars)
}

/// Which part a character plays between others.
enum WordScalar {
    /// Whether nobody sees the character, so that it parts no word: zero-width marks, accents and selectors that combine.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x300...0x36F, 0x61C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0x20D0...0x20FF,
            0xFE00...0xFE0F, 0xFEFF:
            true
        default: false
        }
    }

    /// Whether people put the character between the letters of a word to hide it: white space and some signs.
    static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\n", "\r", "\u{A0}", "\u{3000}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}": true
        case "*", ".", "-", "_", "~", "|", "/", "·", "•", "・": true
        default: false
        }
    }

    /// The characters that nobody sees, or that part others.
    static let mayBeSkipped: [Unicode.Scalar] = (UInt32(0)..<0x1_0000).compactMap(Unicode.Scalar.init).filter {
        scalar in
        isInvisible(scalar) || isSeparator(WordFolding().fold(scalar))
    }

    /// Whether it is a letter or digit of a script that parts words by spaces, so that a word has ends.
    ///
    /// Chinese, Japanese, Thai and the like do not; Korean does, but hangs particles on its words.
    static func partsWords(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x80:
            (0x30...0x39).contains(scalar.value) || (0x41...0x5A).contains(scalar.value & ~0x20)
        case ..<0xE00, 0x10A0...0x10FF, 0x1E00...0x1FFF, 0xFF10...0xFF5A:
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        default: false
        }
    }
}
