import Markup
import Messages

/// Turns a text from one format into another.
enum TextConversion {
    /// The text in a format; what a sender wrote in HTML never goes through as it is.
    static func convert(_ text: String, from old: TextFormat, to new: TextFormat) -> String {
        switch (old, new) {
        case (.plain, .plain), (.markdown, .markdown): text
        case (.plain, .markdown): HTMLText.markdown(ofPlainText: text)
        case (.plain, .html): MarkdownText.html(ofPlainText: text)
        case (.markdown, .plain): MarkdownText.plainText(of: text)
        case (.markdown, .html): MarkdownText.html(of: text)
        case (.html, .plain): HTMLText.plainText(of: text)
        case (.html, .markdown): HTMLText.markdown(of: text)
        case (.html, .html): MarkdownText.html(of: HTMLText.markdown(of: text))
        }
    }

    /// The message with every text in a format.
    static func convert(_ envelope: Envelope, to new: TextFormat) -> Envelope {
        var changed = envelope
        for (index, part) in envelope.parts.enumerated() where part.type == .text {
            guard case .text(let text, let old) = part.content else { continue }
            changed.parts[index].content = .text(convert(text, from: old, to: new), format: new)
        }
        return changed
    }
}
