/// Writes blocks as Markdown: CommonMark 0.31, with tables and strikethrough of GFM 0.29.
struct MarkdownWriter {
    /// The Markdown of blocks.
    static func text(of blocks: [HTMLBlock]) -> String {
        MarkdownWriter().text(of: blocks, between: "\n\n")
    }

    /// The Markdown that shows a plain text: paragraphs and lines as they are.
    static func text(ofPlain text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        var runs: [InlineRun] = []
        for (index, line) in lines.enumerated() {
            if index > 0 { runs.append(InlineRun(content: .lineBreak, style: InlineStyle())) }
            runs.append(InlineRun(content: .text(String(line)), style: InlineStyle()))
        }
        return MarkdownWriter.text(of: InlineText.paragraphs(of: runs).map { .paragraph($0) })
    }

    private func text(of blocks: [HTMLBlock], between separator: String) -> String {
        var result = ""
        var previous: HTMLBlock?
        for block in blocks {
            let text = text(of: block)
            guard !text.isEmpty else { continue }
            if let previous {
                // Two lists of a kind in a row would be read as one (CommonMark §5.3).
                result += previous.isSameList(as: block) ? "\n\n<!-- -->\n\n" : separator
            }
            result += text
            previous = block
        }
        return result
    }

    private func text(of block: HTMLBlock) -> String {
        switch block {
        case .paragraph(let runs): MarkdownInline.text(of: runs)
        case .heading(let level, let runs): heading(level, MarkdownInline.text(of: runs))
        case .list(let start, let items): list(items, start: start)
        case .quote(let blocks): text(of: blocks, between: "\n\n").indented(first: "> ", rest: "> ")
        case .code(let code, let language): fenced(code, language)
        case .rule: "---"
        case .table(let rows): table(rows)
        }
    }

    private func heading(_ level: Int, _ text: String) -> String {
        // A heading is one line (CommonMark §4.2).
        let line = text.replacing("  \n", with: " ")
        return line.isEmpty ? "" : "\(String(repeating: "#", count: level)) \(line)"
    }

    private func list(_ items: [[HTMLBlock]], start: Int?) -> String {
        let isTight = items.allSatisfy(\.isTight)
        return items.enumerated().map { index, item in
            let marker = start.map { "\($0 + index). " } ?? "- "
            let indent = String(repeating: " ", count: marker.count)
            return text(of: item, between: isTight ? "\n" : "\n\n").indented(first: marker, rest: indent)
        }.joined(separator: isTight ? "\n" : "\n\n")
    }

    /// A fence longer than any run of backticks in the code (CommonMark §4.5).
    private func fenced(_ code: String, _ language: String) -> String {
        let fence = String(repeating: "`", count: max(3, code.longestRun(of: "`") + 1))
        return "\(fence)\(language)\n\(code)\n\(fence)"
    }

    private func table(_ rows: [[[InlineRun]]]) -> String {
        let width = rows.map(\.count).max() ?? 0
        guard width > 0 else { return "" }
        var lines = rows.enumerated().map { index, row in
            let cells = row.map { MarkdownInline.text(of: $0).replacing("  \n", with: " ").replacing("|", with: "\\|") }
            // Only the heading must be as wide as the table (GFM §4.10).
            let padding = [String](repeating: "", count: index == 0 ? width - row.count : 0)
            return "| \((cells + padding).joined(separator: " | ")) |"
        }
        lines.insert("|\(String(repeating: " --- |", count: width))", at: 1)
        return lines.joined(separator: "\n")
    }
}

extension HTMLBlock {
    fileprivate func isSameList(as other: HTMLBlock) -> Bool {
        guard case .list(let start, _) = self, case .list(let otherStart, _) = other else { return false }
        return (start == nil) == (otherStart == nil)
    }
}

extension String {
    /// The length of the longest run of a character.
    func longestRun(of character: Character) -> Int {
        var longest = 0
        var current = 0
        for candidate in self {
            current = candidate == character ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}
