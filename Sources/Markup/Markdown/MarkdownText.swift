/// Turns Markdown into HTML and into text that people read.
///
/// None of these fails, whatever the Markdown is like.
public enum MarkdownText {
    /// The longest text that is parsed, in bytes; a longer one is taken as plain text, for some texts take the parser time
    /// that grows with the square of their length.
    public static let lengthLimit = 65_536

    /// The document in HTML.
    ///
    /// What comes out is safe to show: raw HTML in the Markdown is left out, and so are links that run scripts.
    public static func html(of markdown: String) -> String {
        guard markdown.utf8.count <= lengthLimit, let html = MarkdownParser(markdown)?.html() else {
            return html(ofPlainText: markdown)
        }
        return html.replacing("<!-- raw HTML omitted -->", with: "")
    }

    /// The document as plain text: paragraphs with empty lines between, lists with bullets, links as `text (target)`.
    public static func plainText(of markdown: String) -> String {
        guard markdown.utf8.count <= lengthLimit else { return markdown }
        return HTMLText.plainText(of: html(of: markdown))
    }

    /// Plain text in HTML: paragraphs and lines stay, everything that would be markup is escaped.
    public static func html(ofPlainText text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        var paragraphs: [[String]] = [[]]
        for line in lines {
            if line.allSatisfy(\.isWhitespace) {
                if paragraphs.last?.isEmpty == false { paragraphs.append([]) }
            } else {
                paragraphs[paragraphs.count - 1].append(escaped(line))
            }
        }
        return paragraphs.filter { !$0.isEmpty }.map { "<p>\($0.joined(separator: "<br>\n"))</p>\n" }.joined()
    }

    private static func escaped(_ text: some StringProtocol) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += "&quot;".utf8
            case 0: result += "\u{FFFD}".utf8
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
