/// Where two texts differ, in a line: `…lo [-world-]{+Swift+}…`, as wdiff marks it.
enum InlineDifference {
    /// Longer texts, in bytes, are told by their length alone.
    static let maximumSize = 16_384
    private static let context = 12
    private static let maximumChange = 60

    /// The part that differs, with a few characters around it; nil when the texts are too long.
    static func text(from old: String, to new: String) -> String? {
        guard old.utf8.count <= maximumSize, new.utf8.count <= maximumSize else { return nil }
        let (before, after) = (Array(old), Array(new))
        let start = zip(before, after).prefix { $0 == $1 }.count
        let rest = min(before.count, after.count) - start
        let end = zip(before.reversed(), after.reversed()).prefix(rest).prefix { $0 == $1 }.count
        let removed = shown(before[start..<before.count - end])
        let added = shown(after[start..<after.count - end])
        let head = start > context ? "…" : ""
        let tail = end > context ? "…" : ""
        let parts = [
            head, flat(before[max(0, start - context)..<start]), removed.isEmpty ? "" : "[-\(removed)-]",
            added.isEmpty ? "" : "{+\(added)+}", flat(before[(before.count - end)...].prefix(context)), tail,
        ]
        return parts.joined()
    }

    private static func shown(_ characters: ArraySlice<Character>) -> String {
        guard characters.count > maximumChange else { return flat(characters) }
        return flat(characters.prefix(maximumChange / 2)) + "…" + flat(characters.suffix(maximumChange / 2))
    }

    private static func flat(_ characters: some Sequence<Character>) -> String {
        ShownText.escaped(characters.flatMap { $0.isNewline ? "⏎".unicodeScalars : $0.unicodeScalars })
    }
}
