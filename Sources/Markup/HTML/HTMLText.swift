/// Turns HTML into text that people read without a browser.
///
/// None of these fails, whatever the HTML is like; scripts, styles and what the document hides are left out.
public enum HTMLText {
    /// The text of a document or a piece of one: paragraphs with empty lines between, lists with bullets, links as
    /// `text (target)`, pictures as their description.
    ///
    /// - Parameters:
    ///   - html: The HTML.
    ///   - base: What relative links are relative to; `nil` leaves them as they are.
    /// - Returns: Lines separated by line feeds, with none at the end.
    public static func plainText(of html: String, base: String? = nil) -> String {
        HTMLReader().read(html).map { plainText(of: $0, base: base) } ?? ""
    }

    /// The text of an element that was read already, such as the XHTML in an Atom entry.
    public static func plainText(of element: MarkupElement, base: String? = nil) -> String {
        PlainTextWriter.text(of: HTMLBlockReader.blocks(of: element, base: base))
    }

    /// The document as Markdown (CommonMark, with GFM's tables and strikethrough).
    ///
    /// - Parameters:
    ///   - html: The HTML.
    ///   - base: What relative links are relative to; `nil` leaves them as they are.
    /// - Returns: Lines separated by line feeds, with none at the end.
    public static func markdown(of html: String, base: String? = nil) -> String {
        HTMLReader().read(html).map { markdown(of: $0, base: base) } ?? ""
    }

    /// The Markdown of an element that was read already, such as the XHTML in an Atom entry.
    public static func markdown(of element: MarkupElement, base: String? = nil) -> String {
        MarkdownWriter.text(of: HTMLBlockReader.blocks(of: element, base: base))
    }

    /// Plain text as Markdown that shows it as it is: what would be markup is escaped, lines stay lines.
    public static func markdown(ofPlainText text: String) -> String {
        MarkdownWriter.text(ofPlain: text)
    }

    /// The text in one line and without links' targets, for titles.
    public static func singleLine(of html: String) -> String {
        guard let root = HTMLReader().read(html) else { return "" }
        return singleLine(of: root)
    }

    /// The text of an element in one line, for titles.
    public static func singleLine(of element: MarkupElement) -> String {
        let blocks = HTMLBlockReader.blocks(of: element, base: nil)
        return InlineText.singleLine(PlainTextWriter.text(of: blocks, showsTargets: false))
    }

    /// Whether a text that may be HTML or plain is HTML: it has a tag or an entity in it.
    public static func looksLikeHTML(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var nextBracket = Int.max
        var nextSemicolon = Int.max
        // From the end, so that what closes a tag or an entity is known when its start is met.
        for index in bytes.indices.reversed() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch bytes[index] {
            case UInt8(ascii: ">"): nextBracket = index
            case UInt8(ascii: ";"): nextSemicolon = index
            case UInt8(ascii: "<") where next.isNameStart || next == UInt8(ascii: "/") || next == UInt8(ascii: "!"):
                if nextBracket != .max { return true }
            case UInt8(ascii: "&") where next.isNameStart || next == UInt8(ascii: "#"):
                if nextSemicolon - index <= 34, isEntity(bytes[(index + 1)..<nextSemicolon]) { return true }
            default: break
            }
        }
        return false
    }

    private static func isEntity(_ name: ArraySlice<UInt8>) -> Bool {
        guard name.first == UInt8(ascii: "#") else { return EntityNames.codePoint(of: name) != nil }
        return name.count > 1 && name.dropFirst().allSatisfy { $0.isNameByte && $0 < 0x80 }
    }
}
