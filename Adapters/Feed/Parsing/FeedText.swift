public import Markup

/// A text of a feed, in the form it came in.
public enum FeedText: Sendable, Hashable {
    /// Text as it stands.
    case plain(String)
    /// HTML, with what its relative links are relative to.
    case html(String, base: String?)
    /// HTML that was part of the feed's own XML.
    case tree(MarkupElement, base: String?)

    /// Takes a text that may be HTML or not, as RSS leaves it open; `nil` when it is empty.
    init?(guessing text: String, base: String?) {
        let text = text.trimmed
        guard !text.isEmpty else { return nil }
        self = HTMLText.looksLikeHTML(text) ? .html(text, base: base) : .flowing(text)
    }

    /// A text in XML, where the ends of lines are those of the file: only empty lines part anything.
    static func flowing(_ text: String) -> FeedText {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let paragraphs = lines.split { $0.allSatisfy(\.isWhitespace) }
        return .plain(
            paragraphs.map { lines in
                lines.flatMap { $0.split(whereSeparator: \.isWhitespace) }.joined(separator: " ")
            }.joined(separator: "\n\n"))
    }

    /// The text as Markdown.
    public var markdown: String {
        switch self {
        case .plain(let text): HTMLText.markdown(ofPlainText: text)
        case .html(let html, let base): HTMLText.markdown(of: html, base: base)
        case .tree(let element, let base): HTMLText.markdown(of: element, base: base)
        }
    }

    /// The text in one line, for titles.
    public var singleLine: String {
        switch self {
        case .plain(let text): text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        case .html(let html, _): HTMLText.singleLine(of: html)
        case .tree(let element, _): HTMLText.singleLine(of: element)
        }
    }

    /// The text as it came in, to tell whether it has changed.
    var source: String {
        switch self {
        case .plain(let text), .html(let text, _): text
        case .tree(let element, _): element.text
        }
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Itself without white space at either end, `nil` when nothing is left.
    var trimmedOrNil: String? {
        let text = trimmed
        return text.isEmpty ? nil : text
    }
}
