/// Authors as RSS has them: an e-mail address, with a name in one of several places.
enum FeedAuthor {
    /// The name in `ann@example.org (Ann)` and `Ann <ann@example.org>`, else the whole.
    static func name(in text: String) -> String {
        if let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close,
            let name = String(text[text.index(after: open)..<close]).trimmedOrNil
        {
            return name
        }
        if let open = text.firstIndex(of: "<"), let name = String(text[..<open]).trimmedOrNil { return name }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Array where Element: Hashable {
    /// The elements without repetitions, in their order.
    var distinct: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
