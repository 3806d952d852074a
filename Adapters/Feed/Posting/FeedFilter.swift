/// Which entries of a feed are posted at all.
struct FeedFilter: Sendable, Hashable {
    /// An entry is posted only if one of these is in it; with none, any is.
    var include: [FeedKeyword] = []
    /// An entry is not posted if one of these is in it.
    var exclude: [FeedKeyword] = []

    func allows(_ entry: FeedEntry) -> Bool {
        guard !include.isEmpty || !exclude.isEmpty else { return true }
        return (include.isEmpty || include.contains { $0.isFound(in: entry) })
            && !exclude.contains { $0.isFound(in: entry) }
    }
}

/// A word to look for in an entry, in any case: anywhere, or with `title:`, `text:`, `tag:`, `author:` or `link:` before
/// it in that field.
struct FeedKeyword: Sendable, Hashable {
    private enum Field: String, CaseIterable {
        case title, text, tag, author, link
    }

    private let field: Field?
    private let word: String

    /// Reads a keyword; `nil` when there is nothing to look for.
    init?(_ text: String) {
        let named = Field.allCases.first { text.lowercased().hasPrefix("\($0.rawValue):") }
        let word = named.map { String(text.dropFirst($0.rawValue.count + 1)) } ?? text
        guard let word = word.trimmedOrNil else { return nil }
        self.field = named
        self.word = word.lowercased()
    }

    func isFound(in entry: FeedEntry) -> Bool {
        // A tag is one word: `tag:go` is not in `golang`.
        if field == .tag { return entry.tags.contains { $0.lowercased() == word } }
        return texts(of: entry).contains { $0.lowercased().contains(word) }
    }

    private func texts(of entry: FeedEntry) -> [String] {
        let text = [entry.summary, entry.content].compactMap { $0?.singleLine }
        switch field {
        case .title: return [entry.title]
        case .text: return text
        case .tag: return entry.tags
        case .author: return entry.authors
        case .link: return [entry.link ?? ""]
        case nil: return [entry.title] + text + entry.tags + entry.authors
        }
    }
}
