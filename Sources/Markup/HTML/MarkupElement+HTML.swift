extension MarkupElement {
    /// Whether the document hides it from readers.
    var isHidden: Bool {
        if attribute("hidden") != nil { return true }
        guard let style = attribute("style") else { return false }
        let declarations = style.lowercased().filter { !$0.isWhitespace }
        return declarations.contains("display:none") || declarations.contains("visibility:hidden")
    }

    /// The text of a `pre`: lines as they are, `br` as a line's end, without the first and the last empty line.
    var preformattedText: String {
        var text = ""
        appendPreformatted(to: &text)
        text = text.replacing("\r\n", with: "\n")
        if text.hasPrefix("\n") { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private func appendPreformatted(to text: inout String) {
        for child in children {
            switch child {
            case .text(let part): text += part
            case .element(let element) where element.name == "br": text += "\n"
            case .element(let element) where HTMLTagNames.hidden.contains(element.name): break
            case .element(let element): element.appendPreformatted(to: &text)
            }
        }
    }

    /// The language in `class="language-swift"`, on a `pre` or on the `code` in it.
    var codeLanguage: String {
        let classes = ([self] + elements.filter { $0.name == "code" }).compactMap { $0.attribute("class") }
        for name in classes.joined(separator: " ").split(separator: " ") {
            for prefix in ["language-", "lang-"] where name.hasPrefix(prefix) {
                let language = name.dropFirst(prefix.count)
                let isPlain = language.utf8.allSatisfy { $0.isNameByte && $0 < 0x80 || $0 == UInt8(ascii: "+") }
                return isPlain ? String(language) : ""
            }
        }
        return ""
    }

    /// The cells of each row of a table, those of tables within it excepted.
    var tableRows: [[MarkupElement]] {
        var rows: [[MarkupElement]] = []
        for element in elements {
            switch element.name.lowercased() {
            case "tr": rows.append(element.elements.filter { ["td", "th"].contains($0.name.lowercased()) })
            case "thead", "tbody", "tfoot": rows += element.tableRows
            default: break
            }
        }
        return rows
    }

    /// Whether there is anything in it that is more than a stretch of text.
    var holdsBlocks: Bool {
        elements.contains { child in
            let name = child.name.lowercased()
            // A single paragraph in a cell is how some editors write cells.
            return (HTMLTagNames.isBlock(name) && name != "p" && name != "div") || child.holdsBlocks
        }
    }
}
