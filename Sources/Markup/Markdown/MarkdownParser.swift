import CCMark

/// A Markdown document (CommonMark with GFM's tables, strikethrough, autolinks and task lists): the one place that calls
/// cmark-gfm.
final class MarkdownParser {
    /// Extensions are registered once in the process; finding them afterwards changes nothing.
    private static let extensions: [String] = {
        cmark_gfm_core_extensions_ensure_registered()
        return ["table", "strikethrough", "autolink", "tasklist"]
    }()

    /// Quotes stay as they are typed, broken UTF-8 is replaced, raw HTML and dangerous links are left out.
    private static let options = CMARK_OPT_VALIDATE_UTF8

    private let parser: OpaquePointer
    private let document: OpaquePointer

    /// Reads a document; `nil` when there is no memory for it.
    init?(_ markdown: String) {
        guard let parser = cmark_parser_new(Self.options) else { return nil }
        for name in Self.extensions {
            guard let found = cmark_find_syntax_extension(name) else { continue }
            cmark_parser_attach_syntax_extension(parser, found)
        }
        var text = markdown
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let document = cmark_parser_finish(parser) else {
            cmark_parser_free(parser)
            return nil
        }
        self.parser = parser
        self.document = document
    }

    deinit {
        cmark_node_free(document)
        cmark_parser_free(parser)
    }

    /// The document in HTML, without raw HTML and without links that run scripts.
    func html() -> String? {
        guard let text = cmark_render_html(document, Self.options, cmark_parser_get_syntax_extensions(parser)) else {
            return nil
        }
        defer { cmark_get_default_mem_allocator()?.pointee.free?(text) }
        return String(cString: text)
    }
}
