/// White space in stretches of text, as HTML has it: any amount of it is one space, and none at the ends of a line.
enum InlineText {
    /// Splits runs into paragraphs at two or more line breaks, each collapsed, the empty ones left out.
    static func paragraphs(of runs: [InlineRun]) -> [[InlineRun]] {
        var paragraphs: [[InlineRun]] = []
        var current: [InlineRun] = []
        var breaks = 0
        for run in collapsed(runs) {
            guard run.content != .lineBreak else {
                breaks += 1
                continue
            }
            if breaks > 1, !current.isEmpty {
                paragraphs.append(current)
                current = []
            } else if breaks == 1, let last = current.last {
                // Within one link, or one emphasis, the break belongs to it.
                let style = last.style == run.style ? run.style : InlineStyle()
                current.append(InlineRun(content: .lineBreak, style: style))
            }
            breaks = 0
            current.append(run)
        }
        if !current.isEmpty { paragraphs.append(current) }
        return paragraphs
    }

    /// Collapses white space across runs and joins neighbours of one style.
    static func collapsed(_ runs: [InlineRun]) -> [InlineRun] {
        var result: [InlineRun] = []
        // Space at the start of a line is not shown.
        var endsInSpace = true
        for run in runs {
            guard case .text(let text) = run.content else {
                if run.content == .lineBreak { trimEnd(of: &result) }
                endsInSpace = run.content == .lineBreak
                result.append(run)
                continue
            }
            let shown = collapsed(text, afterSpace: &endsInSpace)
            guard !shown.isEmpty else { continue }
            if case .text(var text)? = result.last?.content, result[result.count - 1].style == run.style {
                // Appended in place: a text may come in very many pieces.
                result[result.count - 1].content = .lineBreak
                text += shown
                result[result.count - 1].content = .text(text)
            } else {
                result.append(InlineRun(content: .text(shown), style: run.style))
            }
        }
        trimEnd(of: &result)
        return result
    }

    /// The text with every stretch of white space, line ends too, as one space, and none at its ends.
    static func singleLine(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func collapsed(_ text: String, afterSpace endsInSpace: inout Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case " ", "\t", "\n", "\r", "\u{0C}":
                if !endsInSpace { result.append(" ") }
                endsInSpace = true
            case "\u{A0}":
                // A space that must not break is a space; it is not collapsed.
                result.append(" ")
                endsInSpace = false
            case "\u{AD}", "\u{200B}", "\u{FEFF}", "\u{34F}":
                // Soft hyphens and the like say where a line could end, or fill the preview of a mail.
                continue
            default:
                result.append(scalar)
                endsInSpace = false
            }
        }
        return String(result)
    }

    private static func trimEnd(of runs: inout [InlineRun]) {
        while case .text(let text)? = runs.last?.content {
            let trimmed = text.trimmedAtEnd
            guard trimmed.isEmpty else {
                runs[runs.count - 1].content = .text(trimmed)
                return
            }
            runs.removeLast()
        }
    }
}

extension String {
    /// Without the white space at its end.
    var trimmedAtEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
