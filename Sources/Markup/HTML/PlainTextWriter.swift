/// Writes blocks as plain text.
struct PlainTextWriter {
    private let showsTargets: Bool

    /// The text of blocks; without targets, links are their text alone.
    static func text(of blocks: [HTMLBlock], showsTargets: Bool = true) -> String {
        PlainTextWriter(showsTargets: showsTargets).text(of: blocks, between: "\n\n")
    }

    private func text(of blocks: [HTMLBlock], between separator: String) -> String {
        blocks.map(text(of:)).filter { !$0.isEmpty }.joined(separator: separator)
    }

    private func text(of block: HTMLBlock) -> String {
        switch block {
        case .paragraph(let runs), .heading(_, let runs): text(of: runs)
        case .list(let start, let items): list(items, start: start)
        case .quote(let blocks): text(of: blocks, between: "\n\n").indented(first: "> ", rest: "> ")
        case .code(let code, _): code
        case .rule: "---"
        case .table(let rows):
            rows.map { $0.map(text(of:)).joined(separator: " | ").trimmedAtEnd }.joined(separator: "\n")
        }
    }

    private func list(_ items: [[HTMLBlock]], start: Int?) -> String {
        items.enumerated().map { index, item in
            let marker = start.map { "\($0 + index). " } ?? "- "
            let indent = String(repeating: " ", count: marker.count)
            return text(of: item, between: item.isTight ? "\n" : "\n\n").indented(first: marker, rest: indent)
        }.joined(separator: "\n")
    }

    private func text(of runs: [InlineRun]) -> String {
        var result = ""
        var index = runs.startIndex
        while index < runs.endIndex {
            let target = runs[index].style.link
            let end = runs[index...].firstIndex { $0.style.link != target } ?? runs.endIndex
            let text = runs[index..<end].map(text(of:)).joined()
            result += target.map { link(text, to: $0) } ?? text
            index = end
        }
        return result
    }

    private func text(of run: InlineRun) -> String {
        switch run.content {
        case .text(let text), .code(let text): text
        case .image(let alt, _): alt
        case .lineBreak: "\n"
        }
    }

    private func link(_ text: String, to target: String) -> String {
        guard showsTargets else { return text }
        let shown = text.trimmedAtEnd
        let bare = target.hasPrefix("mailto:") ? String(target.dropFirst(7)) : target
        guard shown.contains(where: { !$0.isWhitespace }) else { return bare }
        return shown.bareTarget == bare.bareTarget ? shown : "\(shown) (\(bare))\(text.dropFirst(shown.count))"
    }
}

extension [HTMLBlock] {
    /// Whether a list's item is short enough to stand without empty lines: a paragraph, and maybe lists after it.
    var isTight: Bool {
        dropFirst().allSatisfy { if case .list = $0 { true } else { false } }
    }
}

extension String {
    /// With one text before the first line and another before the others that are not empty.
    func indented(first: String, rest: String) -> String {
        let lines = split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { index, line in
            let prefix = index == 0 ? first : rest
            return line.isEmpty ? prefix.trimmedAtEnd : prefix + line
        }.joined(separator: "\n")
    }

    /// A target as people write it: without a scheme, `www.` and a slash at the end.
    fileprivate var bareTarget: Substring {
        var target = self[...]
        for prefix in ["https://", "http://", "www."] where target.hasPrefix(prefix) {
            target = target.dropFirst(prefix.count)
        }
        return target.hasSuffix("/") ? target.dropLast() : target
    }
}
