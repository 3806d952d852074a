import Messages

/// Splits a text into pieces that a platform takes.
struct TextSplitter: Sendable {
    /// The most of a piece, in the unit.
    var limit: Int
    /// What is counted.
    var unit = TextMeasure.Unit.characters

    /// The pieces, none longer than the limit; white space at the cuts is left out.
    ///
    /// Links, code spans and addresses stay whole as long as they are within the limit; a code fence that is cut is closed,
    /// and opened again in the next piece. More than `most` and one are not made. No grapheme cluster is broken, unless it is longer than the limit by itself.
    func pieces(_ text: String, as format: TextFormat, most: Int) -> [String] {
        guard unit.size(of: text) > limit else { return [text] }
        var run = SplitRun(text, as: format, limit: limit, unit: unit)
        return run.pieces(most: most)
    }
}

/// A split in progress.
private struct SplitRun {
    private let measure: TextMeasure
    private let atoms: MarkupAtoms
    private let limit: Int
    private let unit: TextMeasure.Unit
    private var position = 0
    /// The index of the first fence that is not done.
    private var fence = 0

    init(_ text: String, as format: TextFormat, limit: Int, unit: TextMeasure.Unit) {
        measure = TextMeasure(text, unit: unit, limit: limit)
        atoms = MarkupAtoms(measure.characters, format: format)
        (self.limit, self.unit) = (limit, unit)
    }

    private var text: [Character] { measure.characters }

    private var choice: CutChoice { CutChoice(text: text) { atoms.cover[$0] >= 0 } }

    mutating func pieces(most: Int) -> [String] {
        var pieces: [String] = []
        while pieces.count <= most, let piece = next() { pieces.append(piece) }
        return pieces
    }

    /// The next piece; `nil` at the end of the text.
    private mutating func next() -> String? {
        while fence < atoms.fences.count, atoms.fences[fence].range.upperBound <= position { fence += 1 }
        let current = fence < atoms.fences.count ? atoms.fences[fence] : nil
        if let current, position >= current.bodyStart, let reopening = reopening(of: current),
            measure.size(position..<position + 1) <= limit / 4
        {
            return nextOfCode(current, reopening)
        }
        skipBlank()
        guard position < text.count else { return nil }
        var end = measure.end(from: position, budget: limit)
        if end < text.count { end = cut(before: end) }
        defer { position = end }
        if let current, end > current.bodyStart, end < current.range.upperBound, reopening(of: current) != nil,
            measure.size(position..<end) + unit.size(of: current.marker) + 1 <= limit
        {
            return trimmed(position..<end) + "\n" + current.marker
        }
        return trimmed(position..<end)
    }

    /// Where the piece that fits up to `end` is cut.
    private func cut(before end: Int) -> Int {
        guard
            let inside = atoms.fences[fence...].first(where: {
                $0.range.upperBound > position && $0.range.lowerBound < end
            }),
            position < inside.bodyStart, end < inside.range.upperBound, let reopening = reopening(of: inside)
        else { return choice.cut(from: position, to: end) ?? end }
        // Before the fence, if that is not much shorter; else in its code, with room to close it.
        let start = inside.range.lowerBound
        if start > position, start - position >= (end - position) / 2 || measure.size(inside.range) <= limit {
            return start
        }
        let room = measure.end(from: position, budget: limit - unit.size(of: inside.marker) - 1)
        if room > inside.bodyStart + reopening.count {
            return choice.lineCut(from: inside.bodyStart, to: room) ?? room
        }
        return start > position ? start : choice.cut(from: position, to: end) ?? end
    }

    // MARK: Code

    /// What opens a fence again; `nil` when its lines take so much room that it is cut as text.
    private func reopening(of fence: MarkupAtoms.Fence) -> String? {
        let marker = unit.size(of: fence.marker) + 1
        guard 4 * marker <= limit else { return nil }
        return unit.size(of: fence.opening) + 1 <= limit / 4 ? fence.opening : fence.marker
    }

    /// A piece that goes on with the code of a fence, and with what follows if that fits.
    private mutating func nextOfCode(_ fence: MarkupAtoms.Fence, _ reopening: String) -> String? {
        let budget = limit - unit.size(of: reopening) - 1
        let rest = position..<fence.range.upperBound
        if measure.size(rest) <= budget {
            position = rest.upperBound
            let code = String(text[rest])
            // A fence at the end of the text need not be closed.
            return isOnlyClosing(code, fence) ? next() : reopening + "\n" + trimmedAtEnd(code)
        }
        let room = measure.end(from: position, budget: budget - unit.size(of: fence.marker) - 1)
        let end = choice.lineCut(from: position, to: room) ?? room
        defer { position = end }
        var code = text[position..<end]
        if code.last?.isNewline == true { code.removeLast() }
        return reopening + "\n" + String(code) + "\n" + fence.marker
    }

    /// Whether what is left of a fence is its closing line, which the piece before has.
    private func isOnlyClosing(_ code: String, _ fence: MarkupAtoms.Fence) -> Bool {
        code.allSatisfy { $0.isWhitespace || $0 == fence.marker.first }
    }

    // MARK: White space

    private mutating func skipBlank() {
        while position < text.count, text[position].isNewline { position += 1 }
        // Spaces at the start of a line may be markup; those that a line was cut at are none.
        guard position > 0, !text[position - 1].isNewline else { return }
        while position < text.count, text[position].isBlank { position += 1 }
    }

    private func trimmed(_ range: Range<Int>) -> String { trimmedAtEnd(String(text[range])) }

    private func trimmedAtEnd(_ text: String) -> String {
        var text = text[...]
        while text.last?.isBlank == true { text.removeLast() }
        return String(text)
    }
}

extension Character {
    /// Whether there is nothing to see: a space that carries an accent is something.
    fileprivate var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
