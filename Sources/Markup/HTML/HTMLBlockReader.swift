/// Finds the blocks of a text in a tree of HTML elements.
///
/// The tree's depth is bounded by its reader, and with it the recursion here.
struct HTMLBlockReader {
    /// What relative links are relative to; `nil` leaves them as they are.
    let base: String?
    private var blocks: [HTMLBlock] = []
    private var runs: [InlineRun] = []
    /// Whether the runs end in a line that something stands on.
    private var isLineOpen = false
    /// How many quotes and lists this is in.
    private let nesting: Int
    /// Deeper quotes and lists are not indented any further.
    private static let maximumNesting = 10

    private init(base: String?, nesting: Int) {
        self.base = base
        self.nesting = nesting
    }

    /// The blocks of an element.
    static func blocks(of element: MarkupElement, base: String?) -> [HTMLBlock] {
        HTMLBlockReader(base: base, nesting: 0).blocks(of: [.element(element)], InlineStyle(), nested: false)
    }

    private func blocks(of nodes: [MarkupNode], _ style: InlineStyle, nested: Bool = true) -> [HTMLBlock] {
        var reader = HTMLBlockReader(base: base, nesting: nesting + (nested ? 1 : 0))
        reader.read(nodes, style)
        reader.endParagraph()
        return reader.blocks
    }

    private mutating func read(_ nodes: [MarkupNode], _ style: InlineStyle) {
        for node in nodes {
            switch node {
            case .text(let text): append(.text(text), style)
            case .element(let element): read(element, style)
            }
        }
    }

    private mutating func read(_ element: MarkupElement, _ style: InlineStyle) {
        let name = element.name.lowercased()
        guard !HTMLTagNames.hidden.contains(name), !element.isHidden else { return }
        switch name {
        case "br", "hr", "img": readVoid(element, name, style)
        case "h1", "h2", "h3", "h4", "h5", "h6": readHeading(element, name, style)
        case _ where nesting >= Self.maximumNesting && ["ul", "ol", "blockquote"].contains(name):
            endParagraph()
            read(element.children, style)
            endParagraph()
        case "ul", "ol": readList(element, isOrdered: name == "ol", style)
        case "blockquote": append(.quote(blocks(of: element.children, style)))
        case "pre": append(.code(element.preformattedText, language: element.codeLanguage))
        case "table": readTable(element, style)
        case _ where HTMLTagNames.paragraphs.contains(name):
            endParagraph()
            read(element.children, style)
            endParagraph()
        case _ where HTMLTagNames.lines.contains(name):
            endLine()
            read(element.children, style)
            endLine()
        default: readInline(element, name, style)
        }
    }

    // MARK: - Blocks

    private mutating func append(_ block: HTMLBlock) {
        endParagraph()
        switch block {
        case .quote(let blocks) where blocks.isEmpty: break
        case .list(_, let items) where items.isEmpty: break
        case .code(let text, _) where text.allSatisfy(\.isWhitespace): break
        case .table(let rows) where rows.isEmpty: break
        default: blocks.append(block)
        }
    }

    private mutating func readHeading(_ element: MarkupElement, _ name: String, _ style: InlineStyle) {
        endParagraph()
        let level = name.last?.wholeNumberValue ?? 1
        for block in blocks(of: element.children, style, nested: false) {
            if case .paragraph(let runs) = block { blocks.append(.heading(level, runs)) } else { blocks.append(block) }
        }
    }

    private mutating func readList(_ element: MarkupElement, isOrdered: Bool, _ style: InlineStyle) {
        var items: [[HTMLBlock]] = []
        for child in element.children {
            switch child {
            case .element(let item) where item.name.lowercased() == "li":
                let item = blocks(of: item.children, style)
                if !item.isEmpty { items.append(item) }
            default:
                // A list in a list without an item between, or loose text: part of the item before.
                let loose = blocks(of: [child], style)
                if items.isEmpty, !loose.isEmpty {
                    items.append(loose)
                } else if !loose.isEmpty {
                    items[items.count - 1] += loose
                }
            }
        }
        let start =
            element.attribute("start").flatMap { Int($0) }.flatMap { (0...999_999).contains($0) ? $0 : nil } ?? 1
        append(.list(start: isOrdered ? start : nil, items: items))
    }

    /// A table of short cells is a table; one that lays out a page is read cell by cell.
    private mutating func readTable(_ element: MarkupElement, _ style: InlineStyle) {
        let rows = element.tableRows
        let isData = rows.contains { $0.count > 1 } && !rows.joined().contains { $0.holdsBlocks }
        guard isData else {
            endParagraph()
            for row in rows {
                for cell in row {
                    endParagraph()
                    read(cell.children, style)
                }
            }
            let captions = element.elements.filter { $0.name.lowercased() == "caption" }
            for caption in captions { read(caption, style) }
            endParagraph()
            return
        }
        let cells = rows.map { row in
            row.map { cell in
                InlineText.collapsed(blocks(of: cell.children, style, nested: false).flatMap(\.runs))
            }
        }
        append(.table(cells.filter { !$0.allSatisfy(\.isEmpty) }))
    }

    // MARK: - Inlines

    /// In HTML these hold nothing; in XML that forgot to close them they hold what follows.
    private mutating func readVoid(_ element: MarkupElement, _ name: String, _ style: InlineStyle) {
        switch name {
        case "br": append(.lineBreak, style)
        case "hr": append(.rule)
        default: readImage(element, style)
        }
        read(element.children, style)
    }

    private mutating func readInline(_ element: MarkupElement, _ name: String, _ style: InlineStyle) {
        var style = style
        switch name {
        case "b", "strong": style.isStrong = true
        case "i", "em", "cite", "dfn", "var": style.isEmphasised = true
        case "s", "strike", "del": style.isStruck = true
        case "code", "kbd", "samp", "tt":
            append(.code(element.text), style)
            return
        case "q":
            append(.text("“"), style)
            read(element.children, style)
            append(.text("”"), style)
            return
        case "a": style.link = link(element.attribute("href")) ?? style.link
        case "iframe", "audio", "video": return readMedium(element, style)
        case "td", "th": append(.text(" "), style)
        default: break
        }
        read(element.children, style)
    }

    private mutating func readImage(_ element: MarkupElement, _ style: InlineStyle) {
        // Pictures of one pixel count readers; they show nothing.
        let isPixel = ["width", "height"].contains { ["0", "1", "0px", "1px"].contains(element.attribute($0) ?? "") }
        guard !isPixel, let source = link(element.attribute("src")) ?? element.attribute("alt").map({ _ in "" }) else {
            return
        }
        let alt = InlineText.singleLine(element.attribute("alt") ?? "")
        append(.image(alt: alt, source: source), style)
    }

    /// What cannot be shown in a text is a link to it.
    private mutating func readMedium(_ element: MarkupElement, _ style: InlineStyle) {
        let source =
            element.attribute("src")
            ?? element.elements.first { $0.name == "source" && $0.attribute("src") != nil }?.attribute("src")
        guard let target = link(source) else { return }
        var style = style
        style.link = target
        let title = InlineText.singleLine(element.attribute("title") ?? "")
        append(.text(title.isEmpty ? target : title), style)
    }

    /// The target of a link that is safe to show: one to the web, to mail, or to a telephone.
    private func link(_ reference: String?) -> String? {
        guard let reference, !reference.isEmpty, !reference.hasPrefix("#") else { return nil }
        let target = base.flatMap { WebReference.resolve(reference, against: $0) } ?? WebReference.escaped(reference)
        let scheme = WebReference.scheme(of: target)
        guard let scheme else { return target.isEmpty ? nil : target }
        return ["http", "https", "mailto", "tel", "ftp", "xmpp", "matrix", "magnet"].contains(scheme) ? target : nil
    }

    // MARK: - Ends

    private mutating func append(_ content: InlineRun.Content, _ style: InlineStyle) {
        runs.append(InlineRun(content: content, style: style))
        if content == .lineBreak { isLineOpen = false } else if !content.isBlank { isLineOpen = true }
    }

    private mutating func endLine() {
        if isLineOpen { append(.lineBreak, InlineStyle()) }
    }

    private mutating func endParagraph() {
        for paragraph in InlineText.paragraphs(of: runs) { blocks.append(.paragraph(paragraph)) }
        runs = []
        isLineOpen = false
    }
}

extension HTMLBlock {
    /// The runs in it, for places where only those fit.
    fileprivate var runs: [InlineRun] {
        switch self {
        case .paragraph(let runs), .heading(_, let runs): runs + [InlineRun(content: .text(" "), style: InlineStyle())]
        default: []
        }
    }
}

extension InlineRun.Content {
    /// Whether there is nothing to see but space.
    fileprivate var isBlank: Bool {
        if case .text(let text) = self { text.allSatisfy(\.isWhitespace) } else { false }
    }
}
