import Messages

/// Takes the message that is answered, and the signature, out of a mail.
struct QuoteStripper {
    /// The most lines of a signature; what is longer is text.
    static let signatureLines = 15

    /// Whether signatures go too.
    var removesSignatures = true

    /// The text without what is quoted; the text itself when nothing is, or nothing else would be left.
    func strip(_ text: String, format: TextFormat) -> String {
        let lines = text.lines
        let own = QuotedMail(lines, format: format).ownLines
        let kept = removesSignatures ? Self.withoutSignature(own) : own
        let result = Self.joined(kept)
        if !result.isEmpty { return result == Self.joined(lines) ? text : result }
        // An answer that is nothing but a signature is at least that.
        let unsigned = Self.joined(own)
        return unsigned.isEmpty ? text : unsigned
    }

    private static func withoutSignature(_ lines: [Substring]) -> [Substring] {
        var kept = lines[...]
        if let start = kept.lastIndex(where: QuoteLine.isSignatureStart), kept.count - start <= signatureLines + 1 {
            kept = kept[..<start]
        }
        while let last = kept.last, QuoteLine.isBlank(last) || QuoteLine.isDevice(last) { kept = kept.dropLast() }
        return Array(kept)
    }

    /// The lines as a text, without empty ones at its ends.
    private static func joined(_ lines: [Substring]) -> String {
        var lines = lines[...]
        while let first = lines.first, QuoteLine.isBlank(first) { lines = lines.dropFirst() }
        while let last = lines.last, QuoteLine.isBlank(last) { lines = lines.dropLast() }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// The lines, whichever way they end.
    var lines: [Substring] { split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" } }
}

/// A mail in lines, and which of them are quoted.
private struct QuotedMail {
    /// A stretch of quoted lines with the line that says who wrote them.
    private struct Block {
        var range: Range<Int>
        /// Whether the sender's own text follows.
        var isAnswered = false
    }

    private let lines: [Substring]
    /// Lines inside code fences are code, whatever they look like.
    private let isCode: [Bool]

    init(_ lines: [Substring], format: TextFormat) {
        self.lines = lines
        isCode = format == .markdown ? Self.fenced(lines) : Array(repeating: false, count: lines.count)
    }

    /// The lines that the sender wrote.
    ///
    /// Where answers stand between quotes, these stay, for the answers mean nothing without them.
    var ownLines: [Substring] {
        let end = historyStart
        var blocks = blocks(before: end)
        for index in blocks.indices {
            let next = index + 1 < blocks.count ? blocks[index + 1].range.lowerBound : end
            blocks[index].isAnswered = lines[blocks[index].range.upperBound..<next].contains { !QuoteLine.isBlank($0) }
        }
        let isInterleaved = blocks.count(where: \.isAnswered) > 1
        var own: [Substring] = []
        var position = 0
        for block in blocks where !(isInterleaved && block.isAnswered) {
            own += lines[position..<block.range.lowerBound]
            position = block.range.upperBound
        }
        return own + lines[position..<max(position, end)]
    }

    /// Where all that follows is the message that is answered; behind the last line when there is no such place.
    private var historyStart: Int {
        for index in lines.indices where !isCode[index] && !QuoteLine.isQuoted(lines[index]) {
            if QuoteLine.isSeparator(lines[index]) || QuoteLine.isHeader(lines[index...]) || isUnquotedHistory(index) {
                return ruleStart(before: index)
            }
        }
        return lines.count
    }

    /// Whether a line says who wrote what follows, and that is not marked as a quote.
    private func isUnquotedHistory(_ index: Int) -> Bool {
        guard let (count, strength) = QuoteLine.attribution(lines[index...]), strength == .strong else { return false }
        let rest = lines[(index + count)...]
        guard let next = rest.first(where: { !QuoteLine.isBlank($0) }) else { return true }
        return !QuoteLine.isQuoted(next)
    }

    private func ruleStart(before index: Int) -> Int {
        var start = index
        while start > 0, QuoteLine.isBlank(lines[start - 1]) || QuoteLine.isRule(lines[start - 1]) { start -= 1 }
        return start
    }

    private func blocks(before end: Int) -> [Block] {
        var blocks: [Block] = []
        var index = 0
        var searchedFrom = 0
        while index < end {
            guard !isCode[index], QuoteLine.isQuoted(lines[index]) else {
                index += 1
                continue
            }
            let start = attributionStart(before: index, from: searchedFrom)
            var last = index
            while index < end, !isCode[index], QuoteLine.isQuoted(lines[index]) || QuoteLine.isBlank(lines[index]) {
                if !QuoteLine.isBlank(lines[index]) { last = index }
                index += 1
            }
            blocks.append(Block(range: start..<(last + 1)))
            index = last + 1
            searchedFrom = index
        }
        return blocks
    }

    /// Where the lines begin that say who wrote the quote; the quote's own start when there are none.
    private func attributionStart(before quote: Int, from limit: Int) -> Int {
        var end = quote
        while end > limit, QuoteLine.isBlank(lines[end - 1]) { end -= 1 }
        var start: Int?
        for count in 1...QuoteLine.attributionLines where end - count >= limit {
            guard let found = QuoteLine.attribution(lines[(end - count)..<end]), found.count == count else { continue }
            // The lines before may belong to it: what begins as such a line does is the whole of it.
            if found.strength == .strong { return end - count }
            start = start ?? end - count
        }
        return start ?? quote
    }

    private static func fenced(_ lines: [Substring]) -> [Bool] {
        var fence: Substring?
        return lines.map { line in
            let text = line.trimmed(while: \.isWhitespace)
            let marks = text.prefix { $0 == text.first }
            if let open = fence {
                if marks.count >= open.count, marks.first == open.first, marks.count == text.count { fence = nil }
                return true
            }
            guard marks.count >= 3, marks.first == "`" || marks.first == "~" else { return false }
            fence = marks
            return true
        }
    }
}
