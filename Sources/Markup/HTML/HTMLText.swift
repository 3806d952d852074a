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
        for (index, byte) in bytes.enumerated() where index + 2 < bytes.count {
            let next = bytes[index + 1]
            let rest = bytes[(index + 1)...]
            if byte == UInt8(ascii: "<"), next.isNameStart || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") {
                if rest.prefix(4_096).contains(UInt8(ascii: ">")) { return true }
            } else if byte == UInt8(ascii: "&"), next.isNameStart || next == UInt8(ascii: "#") {
                let name = rest.prefix(34)
                if let end = name.firstIndex(of: UInt8(ascii: ";")), isEntity(name[..<end]) { return true }
            }
        }
        return false
    }

    private static func isEntity(_ name: ArraySlice<UInt8>) -> Bool {
        guard name.first == UInt8(ascii: "#") else { return EntityNames.codePoint(of: name) != nil }
        return name.count > 1 && name.dropFirst().allSatisfy { $0.isNameByte && $0 < 0x80 }
    }
}
