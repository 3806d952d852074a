/// A text with holes: `*` stands for any number of characters, `?` for one; a backslash takes the next character as it is.
struct Glob: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case character(Character)
        case one
        case any
    }

    /// The glob as it is written.
    let text: String
    private let pieces: [Piece]

    init(_ text: String) {
        self.text = text
        var pieces: [Piece] = []
        var isEscaped = false
        for character in text {
            if isEscaped {
                pieces.append(.character(character))
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "*" {
                if pieces.last != .any { pieces.append(.any) }
            } else {
                pieces.append(character == "?" ? .one : .character(character))
            }
        }
        self.pieces = isEscaped ? pieces + [.character("\\")] : pieces
    }

    /// Whether a text has a hole in it, so that it is a glob.
    static func hasHoles(_ text: String) -> Bool { text.contains { $0 == "*" || $0 == "?" } }

    /// Whether the whole text fits; at most as many steps as text and glob have characters, multiplied.
    ///
    /// After a failure only the last `*` has to be tried again: what an earlier one could take, the last can take too.
    func matches(_ text: String) -> Bool {
        var (index, position) = (text.startIndex, 0)
        var retry: (index: String.Index, position: Int)?
        while index < text.endIndex {
            if position < pieces.count, pieces[position] == .any {
                position += 1
                retry = (index, position)
            } else if position < pieces.count, pieces[position] == .one || pieces[position] == .character(text[index]) {
                position += 1
                text.formIndex(after: &index)
            } else if let last = retry {
                index = text.index(after: last.index)
                position = last.position
                retry = (index, position)
            } else {
                return false
            }
        }
        return pieces[position...].allSatisfy { $0 == .any }
    }
}
