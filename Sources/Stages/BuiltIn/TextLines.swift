/// The lines of a file that holds one entry in each.
enum TextLines {
    /// The entries with the numbers of their lines, from 1; without white space around them, empty lines, and lines that
    /// begin with a #.
    static func entries(of text: String) -> [(number: Int, text: String)] {
        var entries: [(number: Int, text: String)] = []
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let entry = String(Substring(line)).trimmed
            if !entry.isEmpty, !entry.hasPrefix("#") { entries.append((number, entry)) }
        }
        return entries
    }
}
