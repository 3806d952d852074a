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
        part.grouped(by: \.style.isStrong).map { isStrong, part in
            let text = emphasised(part, of: runs)
            return isStrong ? wrapped(text, in: "**", between: neighbours(of: part, in: runs)) : text
        }.joined()
    }

    private static func emphasised(_ part: ArraySlice<InlineRun>, of runs: [InlineRun]) -> String {
        part.grouped(by: \.style.isEmphasised).map { isEmphasised, part in
            let text = struck(part, of: runs)
            guard isEmphasised else { return text }
            // Where bold begins or ends there is a `**` between.
            let around = neighbours(of: part, in: runs) { $0.style.isStrong == part.first?.style.isStrong }
            // An underscore cannot be mistaken for a part of `**`; within a word it is no markup (CommonMark §6.2).
            let isWithinWord = around.before?.isWordPart == true || around.after?.isWordPart == true
            return wrapped(text, in: isWithinWord ? "*" : "_", between: around)
        }.joined()
    }

    private static func struck(_ part: ArraySlice<InlineRun>, of runs: [InlineRun]) -> String {
        part.grouped(by: \.style.isStruck).map { isStruck, part in
            let text = part.map(text(of:)).joined()
            return isStruck ? wrapped(text, in: "~~", between: neighbours(of: part, in: runs)) : text
        }.joined()
    }

    /// The characters before and after a stretch.
    private static func neighbours(
        of part: ArraySlice<InlineRun>, in runs: [InlineRun], where isNear: (InlineRun) -> Bool = { _ in true }
    ) -> (before: Character?, after: Character?) {
        let (before, after) = (part.startIndex - 1, part.endIndex)
        return (
            runs.indices.contains(before) && isNear(runs[before]) ? runs[before].text.last : nil,
            runs.indices.contains(after) && isNear(runs[after]) ? runs[after].text.first : nil
        )
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

    /// Puts delimiters around a text, where they count.
    ///
    /// That is only next to what is not white space, and between punctuation and a word they do not count from
    /// the punctuation's side (CommonMark §6.2): that goes outside. Chinese and Japanese have no spaces, and meet this often.
    private static func wrapped(
        _ text: String, in delimiter: String, between around: (before: Character?, after: Character?)
    ) -> String {
        var core = text[...]
        while let first = core.first,
            first.isWhitespace || around.before?.isWordPart == true && first.isLoosePunctuation
        {
            core.removeFirst()
        }
        while let last = core.last, last.isWhitespace || around.after?.isWordPart == true && last.isLoosePunctuation {
            core.removeLast()
        }
        guard !core.isEmpty else { return text }
        return "\(text[..<core.startIndex])\(delimiter)\(core)\(delimiter)\(text[core.endIndex...])"
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

extension Character {
    /// Whether it is part of a word, and neither a space nor punctuation.
    fileprivate var isWordPart: Bool { isLetter || isNumber }

    /// Whether it is punctuation that is never part of Markdown's own.
    fileprivate var isLoosePunctuation: Bool { ".,:;?\"'«»„“”‘’…，。：；？！、（）《》「」『』【】〈〉".contains(self) }
}
