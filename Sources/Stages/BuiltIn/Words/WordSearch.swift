import Markup
import Messages

/// A search through the texts of one message.
struct WordSearch {
    /// The most words that are named.
    static let shownLimit = 20

    let list: WordList
    /// What stands for each character of a word; `nil` leaves the texts as they are.
    let mask: String?
    /// How many places were found.
    private(set) var count = 0
    /// The first words that were found, each once.
    private(set) var words: [String] = []

    init(list: WordList, mask: String?) {
        self.list = list
        self.mask = mask
    }

    /// Searches a text; answers it with the words masked.
    mutating func text(_ text: String) -> String {
        let matches = list.matches(in: text)
        note(matches)
        guard let mask, !matches.isEmpty else { return text }
        return WordMask.mask(text, matches.map(\.range), with: mask)
    }

    /// Searches the text of a part.
    ///
    /// In HTML a tag or an entity in the middle of a word hides it. A text that has a word as it is read, and not as it is
    /// written, goes on as the Markdown of what is read.
    mutating func part(_ text: String, _ format: TextFormat) -> PartContent {
        let masked = self.text(text)
        guard format == .html else { return .text(masked, format: format) }
        let hidden = list.matches(in: HTMLText.plainText(of: masked))
        guard !hidden.isEmpty else { return .text(masked, format: format) }
        guard mask != nil else {
            if count == 0 { note(hidden) }
            return .text(text, format: format)
        }
        return .text(self.text(HTMLText.markdown(of: masked)), format: .markdown)
    }

    private mutating func note(_ matches: [WordList.Match]) {
        count += matches.count
        for match in matches where words.count < Self.shownLimit {
            let word = list.words[match.word]
            if !words.contains(word) { words.append(word) }
        }
    }

    /// How many words, and which.
    var shownText: String {
        let more = words.count == Self.shownLimit ? " and maybe more" : ""
        let list = words.map(ShownText.quoted).joined(separator: ", ") + more
        return count == 1 ? list : "\(count) words: \(list)"
    }
}
