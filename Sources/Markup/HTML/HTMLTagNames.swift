/// What the names of HTML's elements mean for the flow of a text.
enum HTMLTagNames {
    /// Not shown to readers.
    static let hidden: Set<String> = [
        "script", "style", "head", "title", "template", "meta", "link", "base", "object", "embed", "applet", "select",
        "option", "datalist", "input", "textarea", "map", "svg", "math", "param", "source", "track", "frameset",
        "colgroup",
    ]

    /// Set off from what is before and after by an empty line.
    static let paragraphs: Set<String> = [
        "p", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "fieldset", "form", "details",
        "dl", "table", "hgroup", "dialog", "search", "menu",
    ]

    /// Begin and end with a line.
    static let lines: Set<String> = [
        "div", "address", "center", "dt", "dd", "tr", "caption", "figcaption", "legend", "summary", "thead", "tbody",
        "tfoot", "body", "html", "li", "noscript", "noframes",
    ]

    /// Whether the element holds others that are more than a stretch of text.
    static func isBlock(_ name: String) -> Bool {
        paragraphs.contains(name) || lines.contains(name)
            || ["ul", "ol", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6"].contains(name)
    }
}
