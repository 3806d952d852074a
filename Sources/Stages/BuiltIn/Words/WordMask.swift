/// Puts signs in the place of words.
enum WordMask {
    /// The text with a sign for every character of the places, as a reader counts characters.
    ///
    /// Accents that combine with the last character go with it.
    static func mask(_ text: String, _ ranges: [Range<Int>], with sign: String) -> String {
        guard !ranges.isEmpty else { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var position = text.startIndex
        for range in merged(ranges) {
            var (start, end) = (
                text.utf8.index(text.startIndex, offsetBy: range.lowerBound),
                text.utf8.index(text.startIndex, offsetBy: range.upperBound)
            )
            start = max(start, position)
            while end < text.endIndex, isExtension(text.unicodeScalars[end]) {
                end = text.unicodeScalars.index(after: end)
            }
            guard start < end else { continue }
            result += text[position..<start]
            result += String(repeating: sign, count: text[start..<end].count)
            position = end
        }
        result += text[position...]
        return result
    }

    /// The ranges in their order, those that touch as one.
    static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private static func isExtension(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isGraphemeExtend }
}
