/// Rows of text in columns that line up; the last column takes what is left of the line and is cut to it.
struct Table {
    private let headings: [String]
    private var rows: [[String]] = []

    /// Creates a table with these headings.
    init(_ headings: String...) {
        self.headings = headings
    }

    /// Appends a row with as many cells as there are headings; control characters are shown as spaces.
    mutating func append(_ cells: String...) {
        rows.append(cells.map(Self.printable))
    }

    /// The lines, headings first.
    func lines(width: Int) -> [String] {
        let all = [headings] + rows
        let widths = headings.indices.dropLast().map { column in all.map { $0[column].columns }.max() ?? 0 }
        let used = widths.reduce(0) { $0 + $1 + 2 }
        return all.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.columns + 2)
            }
            line += row[row.count - 1].cut(toColumns: max(12, width - used))
            while line.last == " " { line.removeLast() }
            return line
        }
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
