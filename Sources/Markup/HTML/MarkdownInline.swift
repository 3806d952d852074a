/// Writes stretches of text as Markdown.
enum MarkdownInline {
    /// The Markdown of a paragraph's runs; a line break is two spaces and a line's end (CommonMark §6.7).
    static func text(of runs: [InlineRun]) -> String {
        var text = ""
        for (target, part) in runs[...].grouped(by: \.style.link) {
            let inner = strong(part, of: runs)
            text += target.map { link(inner, to: $0) } ?? inner
        }
        return escapedAtLineStarts(text)
    }

    private static func strong(_ part: ArraySlice<InlineRun>, of runs: [InlineRun]) -> String {
        part.grouped(by: \.style.isStrong).map { wrapped(emphasised($1, of: runs), in: $0 ? "**" : "") }.joined()
    }

    private static func emphasised(_ part: ArraySlice<InlineRun>, of runs: [InlineRun]) -> String {
        part.grouped(by: \.style.isEmphasised).map { isEmphasised, part in
            wrapped(struck(part), in: isEmphasised ? emphasis(around: part, of: runs) : "")
        }.joined()
    }

    /// An underscore, which cannot be mistaken for a part of `**`; but within a word it is no markup (CommonMark §6.2).
    private static func emphasis(around part: ArraySlice<InlineRun>, of runs: [InlineRun]) -> String {
        let neighbours = [part.startIndex - 1, part.endIndex].map { index in
            // Where bold begins or ends there is a `**` between.
            runs.indices.contains(index) && runs[index].style.isStrong == part.first?.style.isStrong
                ? runs[index].text : ""
        }
        let isWithinWord = [neighbours[0].last, neighbours[1].first].contains {
            $0.map { $0.isLetter || $0.isNumber } ?? false
        }
        return isWithinWord ? "*" : "_"
    }

    private static func struck(_ runs: ArraySlice<InlineRun>) -> String {
        runs.grouped(by: \.style.isStruck).map { wrapped($1.map(text(of:)).joined(), in: $0 ? "~~" : "") }.joined()
    }

    private static func text(of run: InlineRun) -> String {
        switch run.content {
        case .text(let text): MarkdownEscaping.escaped(text)
        case .code(let code): codeSpan(code)
        case .image(let alt, let source) where source.isEmpty: MarkdownEscaping.escaped(alt)
        case .image(let alt, let source): "![\(MarkdownEscaping.escaped(alt))](\(destination(source)))"
        case .lineBreak: "  \n"
        }
    }

    /// Delimiters only count next to what is not white space (CommonMark §6.2), so that goes outside.
    private static func wrapped(_ text: String, in delimiter: String) -> String {
        guard !delimiter.isEmpty else { return text }
        let start = text.prefix(while: \.isWhitespace)
        guard start.count < text.count else { return text }
        let core = String(text.dropFirst(start.count)).trimmedAtEnd
        let end = text.dropFirst(start.count + core.count)
        return "\(start)\(delimiter)\(core)\(delimiter)\(end)"
    }

    private static func link(_ text: String, to target: String) -> String {
        let start = text.prefix(while: \.isWhitespace)
        let core = String(text.dropFirst(start.count)).trimmedAtEnd
        let end = text.dropFirst(start.count + core.count)
        let isWeb = target.hasPrefix("https://") || target.hasPrefix("http://")
        // A link that shows its target is written as such (CommonMark §6.5).
        if isWeb, core.isEmpty || core == MarkdownEscaping.escaped(target) {
            return "\(start)<\(destination(target))>\(end)"
        }
        return "\(start)[\(core.isEmpty ? MarkdownEscaping.escaped(target) : core)](\(destination(target)))\(end)"
    }

    /// Parentheses would end the destination, and `<>` the brackets around it.
    private static func destination(_ target: String) -> String {
        target.replacing("(", with: "%28").replacing(")", with: "%29").replacing("<", with: "%3C")
            .replacing(">", with: "%3E").replacing(" ", with: "%20")
    }

    /// A code span has more backticks around it than in it (CommonMark §6.1).
    private static func codeSpan(_ code: String) -> String {
        let line = InlineText.singleLine(code)
        guard !line.isEmpty else { return "" }
        let fence = String(repeating: "`", count: line.longestRun(of: "`") + 1)
        let padding = line.hasPrefix("`") || line.hasSuffix("`") ? " " : ""
        return "\(fence)\(padding)\(line)\(padding)\(fence)"
    }

    private static func escapedAtLineStarts(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { MarkdownEscaping.escapedAtStart($0) }
            .joined(separator: "\n")
    }
}

extension InlineRun {
    /// The text in it, without markup.
    fileprivate var text: String {
        switch content {
        case .text(let text), .code(let text): text
        case .image, .lineBreak: ""
        }
    }
}

extension ArraySlice<InlineRun> {
    /// Stretches of runs that agree in something.
    fileprivate func grouped<Key: Equatable>(by key: (InlineRun) -> Key) -> [(Key, ArraySlice<InlineRun>)] {
        var groups: [(Key, ArraySlice<InlineRun>)] = []
        var start = startIndex
        while start < endIndex {
            let first = key(self[start])
            let end = self[start...].firstIndex { key($0) != first } ?? endIndex
            groups.append((first, self[start..<end]))
            start = end
        }
        return groups
    }
}
