extension Console {
    /// Prints a name and its value; a long value goes on below itself.
    ///
    /// - Parameters:
    ///   - name: the name; up to ten characters line up.
    ///   - value: what anybody wrote; what steers terminals is taken out of it.
    ///   - indent: the spaces before the name.
    func print(_ name: String, _ value: String, indent: Int = 0) {
        let label = name + String(repeating: " ", count: max(0, 10 - name.count))
        let margin = String(repeating: " ", count: indent)
        let lines = Self.wrapped(Table.printable(value), width: width - indent - label.count - 1)
        print("\(margin)\(styled(label, .dim)) \(lines[0])")
        for line in lines.dropFirst() {
            print(margin + String(repeating: " ", count: label.count + 1) + line)
        }
    }

    /// The text in lines of at most so many columns, broken at spaces; a word that is longer stays whole, as it may
    /// be an id to copy.
    static func wrapped(_ text: String, width: Int) -> [String] {
        guard text.columns > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ").map(String.init) {
            if !line.isEmpty, line.columns + 1 + word.columns > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " \(word)"
        }
        return lines + [line]
    }
}
