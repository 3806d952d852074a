/// A part of a text that stands by itself, as readers see it: what HTML, Markdown and plain text have in common.
enum HTMLBlock: Hashable {
    case paragraph([InlineRun])
    /// A heading of level 1 to 6.
    case heading(Int, [InlineRun])
    /// A list; numbered from `start`, or with bullets when that is `nil`.
    case list(start: Int?, items: [[HTMLBlock]])
    case quote([HTMLBlock])
    /// Text that keeps its lines and spaces.
    case code(String, language: String)
    case rule
    /// Rows of cells; the first row is the heading when there is one.
    case table([[[InlineRun]]])
}

/// A stretch of text in one style.
struct InlineRun: Hashable {
    enum Content: Hashable {
        case text(String)
        case code(String)
        case image(alt: String, source: String)
        case lineBreak
    }

    var content: Content
    var style: InlineStyle
}

/// How a stretch of text looks, and where it leads.
struct InlineStyle: Hashable {
    var isStrong = false
    var isEmphasised = false
    var isStruck = false
    var link: String?
}
