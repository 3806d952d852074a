/// What was changed in a text, line by line, short enough for a trace.
enum TextDifference {
    /// The most lines that are told.
    static let maximumLines = 40
    /// The most characters of a line.
    static let maximumLength = 200
    /// Texts of more lines are compared from both ends only: finding the least difference takes too long.
    private static let maximumCompared = 400

    /// The changed lines as a unified difference has them: `-` for what went, `+` for what came, a space for the line
    /// before a change; empty when nothing changed.
    static func lines(from old: String, to new: String) -> [String] {
        guard old != new else { return [] }
        let before = split(old)
        let after = split(new)
        let start = zip(before, after).prefix { $0 == $1 }.count
        let rest = min(before.count, after.count) - start
        let end = zip(before.reversed(), after.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let changed = changes(
            from: Array(before[start..<before.count - end]), to: Array(after[start..<after.count - end]))
        let lines = (start > 0 ? [" " + cut(before[start - 1])] : []) + changed
        guard lines.count > maximumLines else { return lines }
        return lines.prefix(maximumLines) + ["… \(lines.count - maximumLines) more lines"]
    }

    private static func split(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func changes(from old: [Substring], to new: [Substring]) -> [String] {
        guard old.count + new.count <= maximumCompared else {
            return old.map { "-" + cut($0) } + new.map { "+" + cut($0) }
        }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [String] = []
        var (before, after) = (0, 0)
        while before < old.count || after < new.count {
            if removed.contains(before) {
                lines.append("-" + cut(old[before]))
                before += 1
            } else if inserted.contains(after) {
                lines.append("+" + cut(new[after]))
                after += 1
            } else {
                if before < old.count { lines.append(" " + cut(old[before])) }
                before += 1
                after += 1
            }
        }
        return lines
    }

    private static func cut(_ line: Substring) -> String {
        line.count > maximumLength ? line.prefix(maximumLength) + "…" : String(line)
    }
}
