/// Finds e-mail addresses as people write them: the unquoted form of RFC 5322 §3.4.1, with a domain of at least two labels.
enum EmailFinder {
    static func ranges(in text: RedactionText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < text.count {
            defer { position += 1 }
            guard text[position] == UInt8(ascii: "@"), let end = domainEnd(text, position + 1) else { continue }
            // RFC 5321 §4.5.3.1.1: at most 64 characters before the @.
            var start = position
            while start > max(0, position - 64), isLocal(text[start - 1]) { start -= 1 }
            while start < position, text[start] == UInt8(ascii: ".") || text[start] == UInt8(ascii: "'") { start += 1 }
            guard start < position, text[position - 1] != UInt8(ascii: ".") else { continue }
            ranges.append(start..<end)
            position = end - 1
        }
        return ranges
    }

    private static func domainEnd(_ text: RedactionText, _ start: Int) -> Int? {
        var (position, end, labels) = (start, start, 0)
        while true {
            let label = text.end(
                of: { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }, from: position, before: start + 253)
            guard label > position, text[position] != UInt8(ascii: "-") else { break }
            labels += 1
            let isTopLevel = label - position >= 2 && text[position].isLetter
            if labels >= 2, isTopLevel { end = label }
            guard text[label] == UInt8(ascii: ".") else { break }
            position = label + 1
        }
        return end > start ? end : nil
    }

    /// An `atext` of RFC 5322 §3.2.3 or a dot; without what Markdown and links put around an address.
    private static func isLocal(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || ".!#$%&'+-/=?^_{|}~".utf8.contains(byte)
    }
}
