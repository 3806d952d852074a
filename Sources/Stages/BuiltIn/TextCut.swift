import Messages

/// Cuts a text to a number of characters as a reader counts them: grapheme clusters, which are never broken.
struct TextCut {
    /// The most characters of the result, the ellipsis included; at least one more than the ellipsis has.
    var length: Int
    /// What stands for the rest.
    var ellipsis = "…"

    /// The cut text, or `nil` when it is short enough as it is.
    ///
    /// In Markdown no link, code span or address is cut in two, and a code fence that is cut is closed. In HTML no tag and
    /// no entity is cut in two. Where that would leave nothing, the text is cut as plain text.
    func cut(_ text: String, as format: TextFormat) -> String? {
        guard let end = text.index(text.startIndex, offsetBy: length, limitedBy: text.endIndex), end < text.endIndex
        else { return nil }
        let budget = max(0, length - ellipsis.count)
        if format == .plain { return finish(text.prefix(budget)) }
        let seen = Array(text.prefix(length + MarkupSpans.lookahead))
        if format == .markdown { return markdown(seen, budget) }
        return finish(seen[..<MarkupSpans.html(seen, cut: budget)], orElse: seen[..<budget])
    }

    private func markdown(_ text: [Character], _ budget: Int) -> String {
        var spans = MarkupSpans(text)
        switch spans.find(cut: budget) {
        case .free: return finish(text[..<budget])
        case .inside(let start): return finish(text[..<start], orElse: text[..<budget])
        case .fence(let start, let bodyStart, let marker):
            let closing = "\n" + marker
            let room = budget - closing.count
            guard room > bodyStart else { return finish(text[..<start], orElse: text[..<budget]) }
            return finish(text[..<room]) + closing
        }
    }

    private func finish<Text: BidirectionalCollection<Character>>(_ text: Text, orElse other: Text? = nil) -> String
    where Text.SubSequence == Text {
        var kept = text
        while let last = kept.last, last.isWhitespace { kept = kept.dropLast() }
        if kept.isEmpty, let other, !other.isEmpty { return finish(other) }
        return String(kept) + ellipsis
    }
}
