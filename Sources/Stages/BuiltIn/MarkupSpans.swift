/// Finds what must not be cut in two: links, addresses, code spans and code fences of Markdown, tags of HTML.
///
/// It reads as much of CommonMark as that takes. A span longer than ``lookahead`` counts as text, so that a text of nothing
/// but brackets costs no more than that for each.
struct MarkupSpans {
    /// The most characters of a span, and how far after the cut its end is looked for.
    static let lookahead = 1_024

    /// What a cut would meet.
    enum Finding: Equatable {
        /// Plain text.
        case free
        /// Something that begins at `start`.
        case inside(start: Int)
        /// A code fence that begins at `start`, whose code begins at `bodyStart`, and which `marker` closes.
        case fence(start: Int, bodyStart: Int, marker: String)
    }

    private let text: [Character]

    init(_ text: [Character]) {
        self.text = text
    }

    /// What a cut before the character `cut` would meet.
    mutating func find(cut: Int) -> Finding {
        var index = 0
        var isLineStart = true
        while index < cut {
            if isLineStart, let fence = fence(at: index) {
                guard let end = fenceEnd(fence) else {
                    return cut > index ? .fence(start: index, bodyStart: fence.bodyStart, marker: fence.marker) : .free
                }
                if cut < end { return .fence(start: index, bodyStart: fence.bodyStart, marker: fence.marker) }
                index = end
                continue
            }
            isLineStart = text[index].isNewline
            let end = spanEnd(at: index) ?? index + 1
            if end > index + 1, cut < end { return .inside(start: index) }
            index = end
        }
        return .free
    }

    // MARK: Fences (CommonMark 0.31 §4.5)

    private struct Fence {
        var marker: String
        var bodyStart: Int
    }

    private func fence(at line: Int) -> Fence? {
        var index = line
        while index < text.count, text[index] == " ", index - line < 4 { index += 1 }
        guard index < text.count, index - line < 4, text[index] == "`" || text[index] == "~" else { return nil }
        let length = run(at: index)
        guard length >= 3 else { return nil }
        let end = lineEnd(index)
        if text[index] == "`", text[(index + length)..<end].contains("`") { return nil }
        return Fence(marker: String(repeating: text[index], count: length), bodyStart: min(end + 1, text.count))
    }

    /// Where the line after the closing fence begins; `nil` when none closes it.
    private func fenceEnd(_ fence: Fence) -> Int? {
        var line = fence.bodyStart
        while line < text.count {
            let end = lineEnd(line)
            let content = text[line..<end].drop { $0 == " " }
            let marks = content.prefix { $0 == fence.marker.first }
            if marks.count >= fence.marker.count, content.dropFirst(marks.count).allSatisfy(\.isWhitespace) {
                return min(end + 1, text.count)
            }
            line = end + 1
        }
        return nil
    }

    private func lineEnd(_ index: Int) -> Int {
        text[index...].firstIndex(where: \.isNewline) ?? text.count
    }

    private func run(at index: Int) -> Int {
        text[index...].prefix { $0 == text[index] }.count
    }

    // MARK: Spans (CommonMark 0.31 §6)

    /// Where the span that begins here ends; `nil` when none does.
    private func spanEnd(at index: Int) -> Int? {
        switch text[index] {
        case "\\": return min(index + 2, text.count)
        case "`": return codeEnd(at: index)
        case "!" where index + 1 < text.count && text[index + 1] == "[": return linkEnd(at: index + 1)
        case "[": return linkEnd(at: index)
        case "<": return enclosed(from: index, by: ">") { !$0.isWhitespace && $0 != "<" }
        case "h" where startsURL(index):
            return text[index..<limit(index)].firstIndex(where: \.isWhitespace) ?? limit(index)
        default: return nil
        }
    }

    private func limit(_ start: Int) -> Int { min(start + Self.lookahead, text.count) }

    private func codeEnd(at start: Int) -> Int? {
        let length = run(at: start)
        var index = start + length
        while index < limit(start) {
            guard text[index] == "`" else {
                index += 1
                continue
            }
            let closing = run(at: index)
            index += closing
            if closing == length { return index }
        }
        return start + length
    }

    private func linkEnd(at start: Int) -> Int? {
        guard let label = balanced(from: start, "[", "]"), label < text.count, text[label] == "(" else { return nil }
        return balanced(from: label, "(", ")")
    }

    /// Where the bracket that opens at `start` is closed, before an empty line.
    private func balanced(from start: Int, _ open: Character, _ close: Character) -> Int? {
        var (depth, index) = (0, start)
        while index < limit(start) {
            switch text[index] {
            case "\\": index += 1
            case open: depth += 1
            case close:
                depth -= 1
                if depth == 0 { return index + 1 }
            case "\n" where index + 1 < text.count && text[index + 1] == "\n": return nil
            default: break
            }
            index += 1
        }
        return nil
    }

    private func enclosed(from start: Int, by end: Character, while isPart: (Character) -> Bool) -> Int? {
        let body = text[(start + 1)..<limit(start)].prefix { $0 != end && isPart($0) }
        return body.endIndex < text.count && text[body.endIndex] == end && !body.isEmpty ? body.endIndex + 1 : nil
    }

    private func startsURL(_ index: Int) -> Bool {
        text[index...].starts(with: "https://") || text[index...].starts(with: "http://")
    }

    // MARK: HTML

    /// The cut, moved before the tag or entity it would fall into.
    static func html(_ text: [Character], cut: Int) -> Int {
        guard let start = text[..<cut].lastIndex(where: { $0 == "<" || $0 == "&" }) else { return cut }
        let end: Character = text[start] == "<" ? ">" : ";"
        let isClosed = text[start..<cut].contains(end)
        let isEntity =
            text[start] == "&" && cut - start <= 32 && text[(start + 1)..<cut].allSatisfy { !$0.isWhitespace }
        return isClosed || text[start] == "&" && !isEntity ? cut : start
    }
}
