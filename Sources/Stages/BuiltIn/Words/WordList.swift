/// Words, ready to be found in texts.
struct WordList: Sendable {
    /// How words are found.
    struct Options: Sendable, Hashable {
        /// Whether a word of a script with spaces must stand by itself: `ass` is not in `class`.
        var matchesWholeWords = true
        /// Whether white space and some signs between letters do not count: `b a d` is `bad`.
        var ignoresSeparators = true
    }

    /// A place where a word stands.
    struct Match: Hashable {
        /// The word's number in the list.
        var word: Int
        /// Where it stands, in bytes of UTF-8.
        var range: Range<Int>
    }

    /// The longest word in characters, and the most bytes of all of them.
    static let (lengthLimit, sizeLimit) = (100, 32 << 20)

    /// The words, as they are written.
    let words: [String]
    private let options: Options
    private let automaton: WordAutomaton

    /// Prepares words; empty ones are left out.
    init(_ words: [String], folding: WordFolding = WordFolding(), options: Options = Options()) {
        self.words = words
        self.options = options
        let folded = words.map { word in
            word.unicodeScalars.map(folding.fold).filter {
                !WordScalar.isInvisible($0) && !(options.ignoresSeparators && $0.properties.isWhitespace)
            }
        }
        var frequency: [Unicode.Scalar: Int] = [:]
        for word in folded { for scalar in word { frequency[scalar, default: 0] += 1 } }
        let symbols = SymbolTable(frequency, folding: folding, skipsSeparators: options.ignoresSeparators)
        automaton = WordAutomatonBuilder.automaton(of: folded.map { $0.map { symbols[$0] } }, symbols: symbols)
    }

    /// The first places where words stand, from left to right by their ends; at each end the longest word that fits.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - limit: the most places; a text with more is not searched to its end.
    /// - Returns: the places.
    func matches(in text: String, limit: Int = .max) -> [Match] {
        var text = text
        return text.withUTF8 { bytes in
            var matches: [Match] = []
            automaton.scan(bytes) { ending, offset in
                if let match = match(at: ending, endingAt: offset, in: bytes) { matches.append(match) }
                return matches.count < limit
            }
            return matches
        }
    }

    /// The longest word that ends here and is not a part of another one.
    private func match(at ending: Int, endingAt offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Match? {
        var state = ending
        while state != 0 {
            let word = Int(automaton.words[state])
            if let range = range(of: word, endingAt: offset, in: bytes) { return Match(word: word, range: range) }
            state = Int(automaton.slots[Int(automaton.slots[state].fail)].ending)
        }
        return nil
    }

    // MARK: Is it really the word?

    private func range(of word: Int, endingAt end: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        let length = symbolCount(of: words[word])
        var pieces = WordPieces()
        var start = end
        while pieces.count < length, start > 0 {
            let previous = UTF8Scalar.start(before: start, in: bytes)
            pieces.prepend(scalar(at: previous, in: bytes), isSymbol: isSymbol(at: previous, in: bytes))
            start = previous
        }
        guard pieces.count == length, !pieces.mayBeWords || pieces.gaps.isSubset(of: gaps(in: words[word])) else {
            return nil
        }
        if options.matchesWholeWords, !standsAlone(pieces, start, end, bytes) { return nil }
        return start..<end
    }

    private func standsAlone(
        _ pieces: WordPieces, _ start: Int, _ end: Int, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        if start > 0, let first = pieces.first, WordScalar.partsWords(first),
            WordScalar.partsWords(scalar(at: UTF8Scalar.start(before: start, in: bytes), in: bytes))
        {
            return false
        }
        guard end < bytes.count, let last = pieces.last, WordScalar.partsWords(last) else { return true }
        return !WordScalar.partsWords(scalar(at: end, in: bytes))
    }

    private func scalar(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar {
        Unicode.Scalar(UTF8Scalar.decode(bytes, at: offset).value) ?? "\u{FFFD}"
    }

    private func isSymbol(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        automaton.symbols[scalar(at: offset, in: bytes)] != SymbolTable.skipped
    }

    private func counts(_ scalar: Unicode.Scalar) -> Bool {
        !WordScalar.isInvisible(scalar) && !(options.ignoresSeparators && scalar.properties.isWhitespace)
    }

    private func symbolCount(of word: String) -> Int { word.unicodeScalars.count(where: counts) }

    /// Before which of its symbols, counted from the end, a word has white space itself.
    private func gaps(in word: String) -> Set<Int> {
        var (gaps, index) = (Set<Int>(), symbolCount(of: word))
        for scalar in word.unicodeScalars {
            if counts(scalar) { index -= 1 } else if !WordScalar.isInvisible(scalar) { gaps.insert(index) }
        }
        return gaps
    }
}

/// The characters of a place where a word may stand, and what stands between them.
private struct WordPieces {
    private(set) var count = 0
    private(set) var first: Unicode.Scalar?
    private(set) var last: Unicode.Scalar?
    /// How many symbols stand behind each stretch of separators.
    private(set) var gaps: Set<Int> = []
    /// The symbols of the piece that is being read, as far as they are of a script with spaces.
    private var run = 0
    private var longestRun = 0

    /// Whether what stands between separators may be words of their own: a piece in a script with spaces is longer than
    /// one letter, so this is no word that is hidden by spaces.
    var mayBeWords: Bool { !gaps.isEmpty && longestRun > 1 }

    mutating func prepend(_ scalar: Unicode.Scalar, isSymbol: Bool) {
        if isSymbol {
            count += 1
            first = scalar
            if last == nil { last = scalar }
            run = WordScalar.partsWords(scalar) ? run + 1 : 0
            longestRun = max(longestRun, run)
        } else if WordScalar.isSeparator(scalar) {
            gaps.insert(count)
            run = 0
        }
    }
}
