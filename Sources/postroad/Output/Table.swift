/// Rows of text in columns that line up; the last column takes what is left of the line and is cut to it.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []

    /// Creates a table with these headings.
    init(_ headings: String...) {
        self.headings = headings
    }

    /// Appends a row with as many cells as there are headings; control characters are shown as spaces.
    mutating func append(_ cells: String...) { append(cells) }

    /// Appends a row with as many cells as there are headings.
    mutating func append(_ cells: [String]) {
        rows.append(cells.map(Self.printable))
    }

    /// The lines, headings first.
    func lines(width: Int) -> [String] {
        let all = [headings] + rows
        let widths = fitted(
            headings.indices.dropLast().map { column in all.map { $0[column].columns }.max() ?? 0 }, width: width)
        let used = widths.reduce(0) { $0 + $1 + 2 }
        return all.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell.padded(toColumns: width) + "  "
            }
            line += row[row.count - 1].cut(toColumns: max(Self.lastWidth, width - used))
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The columns that the last one keeps.
    private static let lastWidth = 12
    /// Nothing is cut below that: names and times stay whole.
    private static let leastWidth = 20

    /// The widths of all columns but the last, the widest made narrower until the last one has room.
    private func fitted(_ widths: [Int], width: Int) -> [Int] {
        var widths = widths
        while widths.reduce(Self.lastWidth, { $0 + $1 + 2 }) > width,
            let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > Self.leastWidth
        {
            widths[widest] -= 1
        }
        return widths
    }

    /// The text with spaces for what steers a terminal: what strangers wrote must not.
    ///
    /// Those are the control characters of ASCII and of ISO 6429 (ESC, CSI), the separators of lines and paragraphs, and
    /// the marks that turn the direction of writing (UAX #9 §2), by which `exe.gpj` reads as `jpg.exe`.
    static func printable(_ text: String) -> String {
        String(text.unicodeScalars.map { steersTerminal($0) ? " " : Character($0) })
    }

    private static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
