import CXML

/// Reads HTML as browsers do: never refusing, closing what is open, guessing what was meant.
///
/// What is nested deeper than the limit keeps its text, in the deepest element that is kept; of what has more nodes than
/// the limit, the first are kept.
public struct HTMLReader: Sendable {
    /// How much is read.
    public var limits: MarkupLimits

    /// Creates a reader.
    public init(limits: MarkupLimits = MarkupLimits()) {
        self.limits = limits
    }

    /// Reads a document or a piece of one; `nil` when there is nothing in it.
    public func read(_ html: String) -> MarkupElement? {
        // The parser takes a zero for the end.
        let bytes = html.utf8.prefix(limits.bytes).filter { $0 != 0 }
        guard !bytes.isEmpty, let parser = HTMLParser(limits: limits) else { return nil }
        parser.parse(bytes)
        return parser.builder.finishPartially()
    }
}
