import Messages

extension TextSplitter {
    /// The pieces with their numbers, which count as a part of them.
    func numbered(_ text: String, as format: TextFormat, most: Int) -> [String] {
        guard unit.size(of: text) > limit else { return [text] }
        var digits = 1
        while true {
            // A number takes the most room when its digits are all there.
            let widest = String(repeating: "9", count: digits)
            let room = unit.size(of: Self.prefix(widest, of: widest, format))
            let pieces = TextSplitter(limit: limit - room, unit: unit).pieces(text, as: format, most: most)
            if String(pieces.count).count <= digits { return Self.number(pieces, as: format) }
            digits += 1
        }
    }

    /// Pieces with their numbers before them, if there are several.
    static func number(_ pieces: [String], as format: TextFormat) -> [String] {
        guard pieces.count > 1 else { return pieces }
        return pieces.enumerated().map { index, piece in
            prefix(String(index + 1), of: String(pieces.count), format) + piece
        }
    }

    /// In Markdown the number is a paragraph, for a piece may begin with what has to stand at the start of a line.
    private static func prefix(_ number: String, of count: String, _ format: TextFormat) -> String {
        "(\(number)/\(count))" + (format == .markdown ? "\n\n" : " ")
    }
}

/// Splits a text into pieces of so many lines.
struct LineSplitter: Sendable {
    /// The most lines of a piece; those that close and open code fences again do not count.
    var limit: Int

    /// The pieces; empty ones are left out.
    ///
    /// More than `most` and one are not made.
    func pieces(_ text: String, as format: TextFormat, most: Int) -> [String] {
        let characters = Array(text)
        let fences = MarkupAtoms(characters, format: format).fences
        var (pieces, start, lines) = ([String](), 0, 0)
        func add(_ end: Int) {
            let open = fences.first { $0.bodyStart <= start && start < $0.range.upperBound }
            let cut = fences.first { $0.range.lowerBound < end && end < $0.range.upperBound && $0.bodyStart <= end }
            var piece = String(characters[start..<end])
            while piece.last?.isNewline == true { piece.removeLast() }
            let isClosing =
                open.map { fence in piece.allSatisfy { $0.isWhitespace || $0 == fence.marker.first } } ?? false
            if let open, !isClosing { piece = open.opening + "\n" + piece }
            if let cut { piece += "\n" + cut.marker }
            if !isClosing, piece.contains(where: { !$0.isWhitespace }) { pieces.append(piece) }
            (start, lines) = (end, 0)
        }
        for index in characters.indices where characters[index].isNewline && pieces.count <= most {
            lines += 1
            if lines == limit { add(index + 1) }
        }
        if start < characters.count { add(characters.count) }
        return pieces.isEmpty ? [text] : pieces
    }
}
