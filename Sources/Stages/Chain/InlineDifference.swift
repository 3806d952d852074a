/// Where two texts differ, in a line: `…lo [-world-]{+Swift+}…`, as wdiff marks it.
///
/// Texts are compared byte by byte, and only what is shown is taken apart into characters: this runs for every stage of every
/// message.
enum InlineDifference {
    /// Longer texts, in bytes, are told by their length alone.
    static let maximumSize = 16_384
    private static let context = 12
    private static let maximumChange = 60

    /// The part that differs, with a few characters around it; nil when the texts are too long.
    static func text(from old: String, to new: String) -> String? {
        guard old.utf8.count <= maximumSize, new.utf8.count <= maximumSize else { return nil }
        let start = commonPrefix(old, new)
        let end = commonSuffix(old, new, after: start)
        let removed = shown(old.characters(from: start, until: end))
        let added = shown(new.characters(from: start, until: end))
        let before = old.characters(from: 0, until: old.utf8.count - start)
        let after = old.characters(from: old.utf8.count - end, until: 0)
        let parts = [
            before.isLonger(than: context) ? "…" : "", flat(before.suffix(context)),
            removed.isEmpty ? "" : "[-\(removed)-]", added.isEmpty ? "" : "{+\(added)+}", flat(after.prefix(context)),
            after.isLonger(than: context) ? "…" : "",
        ]
        return parts.joined()
    }

    /// How many bytes both begin with, up to where a character ends in both.
    private static func commonPrefix(_ old: String, _ new: String) -> Int {
        var length = zip(old.utf8, new.utf8).prefix { $0 == $1 }.count
        while true {
            let shorter = min(old.boundary(notAfter: length), new.boundary(notAfter: length))
            if shorter == length { return length }
            length = shorter
        }
    }

    /// How many bytes both end with, from where a character begins in both, and not before `start`.
    private static func commonSuffix(_ old: String, _ new: String, after start: Int) -> Int {
        let rest = min(old.utf8.count, new.utf8.count) - start
        var length = zip(old.utf8.reversed(), new.utf8.reversed()).prefix(rest).prefix { $0 == $1 }.count
        while true {
            let shorter = min(
                old.utf8.count - old.boundary(notBefore: old.utf8.count - length),
                new.utf8.count - new.boundary(notBefore: new.utf8.count - length))
            if shorter == length { return length }
            length = shorter
        }
    }

    private static func shown(_ text: Substring) -> String {
        guard text.isLonger(than: maximumChange) else { return flat(text) }
        return flat(text.prefix(maximumChange / 2)) + "…" + flat(text.suffix(maximumChange / 2))
    }

    private static func flat(_ text: Substring) -> String {
        ShownText.escaped(text.flatMap { $0.isNewline ? "⏎".unicodeScalars : $0.unicodeScalars })
    }
}

extension String {
    /// The last boundary of characters at or before an offset in UTF-8.
    fileprivate func boundary(notAfter offset: Int) -> Int {
        guard offset > 0, offset < utf8.count else { return offset }
        // Stepping back rounds down to a boundary first.
        let index = utf8.index(startIndex, offsetBy: offset)
        return utf8.distance(from: startIndex, to: self.index(after: self.index(before: index)))
    }

    /// The first boundary of characters at or after an offset in UTF-8.
    fileprivate func boundary(notBefore offset: Int) -> Int {
        let before = boundary(notAfter: offset)
        guard before < offset else { return offset }
        return utf8.distance(from: startIndex, to: index(after: utf8.index(startIndex, offsetBy: before)))
    }

    /// What is between two boundaries, counted in bytes from the beginning and from the end.
    fileprivate func characters(from start: Int, until end: Int) -> Substring {
        self[utf8.index(startIndex, offsetBy: start)..<utf8.index(endIndex, offsetBy: -end)]
    }
}

extension Substring {
    fileprivate func isLonger(than count: Int) -> Bool {
        guard let end = index(startIndex, offsetBy: count, limitedBy: endIndex) else { return false }
        return end < endIndex
    }
}
