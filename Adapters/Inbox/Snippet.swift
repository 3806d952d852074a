import Messages

/// Collects the beginning of a text in one line, with white space as single spaces.
struct Snippet: Sendable {
    /// What was collected.
    private(set) var text = ""
    private var count = 0
    private let limit: Int

    /// Begins an empty one of at most so many characters, and a sign for what is left out.
    init(limit: Int) {
        self.limit = limit
    }

    /// Tells whether there was more than there is room for.
    var isFull: Bool { count > limit }

    /// Adds a text, without the tags of HTML and the signs of Markdown.
    mutating func append(_ more: String, format: TextFormat) {
        var filter = TagFilter()
        var needsSpace = !text.isEmpty
        for character in more where !isFull {
            if format == .html, !filter.passes(character) || character.isWhitespace {
                needsSpace = true
            } else if character.isWhitespace {
                needsSpace = true
            } else if format != .markdown || !"*`#>".contains(character) {
                append(character, needsSpace: needsSpace)
                needsSpace = false
            }
        }
    }

    private mutating func append(_ character: Character, needsSpace: Bool) {
        count += 1
        guard !isFull else { return text.append("…") }
        if needsSpace, !text.isEmpty { text.append(" ") }
        text.append(character)
    }
}

/// Tells the text of HTML from its tags, scripts and styles; good enough for the beginning of a message.
private struct TagFilter {
    private var name = ""
    private var isInTag = false
    private var isInName = false
    private var isHidden = false

    /// Tells whether the character is for people.
    mutating func passes(_ character: Character) -> Bool {
        guard isInTag else {
            guard character == "<" else { return !isHidden }
            (name, isInTag, isInName) = ("", true, true)
            return false
        }
        if character == ">" {
            isInTag = false
            isHidden = name == "script" || name == "style"
        } else if isInName, character.isLetter || character == "/", name.utf8.count < 8 {
            name += character.lowercased()
        } else {
            isInName = false
        }
        return false
    }
}
