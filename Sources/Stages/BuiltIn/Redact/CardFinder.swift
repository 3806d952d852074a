/// Finds numbers of payment cards: 13 to 19 digits that begin as a card does and pass the check of Luhn (ISO/IEC 7812-1).
enum CardFinder {
    static func ranges(in text: RedactionText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < text.count {
            guard text[position].isDigit, !text[position - 1].isLetterOrDigit else {
                position += 1
                continue
            }
            let groups = DigitGroups(text, from: position) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }
            ranges += cards(groups, text)
            position = groups.end
        }
        return ranges
    }

    /// The cards among groups of digits, each as long as can be; a number may stand before or behind one.
    private static func cards(_ groups: DigitGroups, _ text: RedactionText) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var first = 0
        while first < groups.ranges.count {
            var best: Int?
            var digits: [Int] = []
            for last in first..<groups.ranges.count {
                digits += groups.ranges[last].map { text[$0].digit }
                if digits.count > 19 { break }
                if digits.count >= 13, isCard(digits), !text[groups.ranges[last].upperBound].isLetter { best = last }
            }
            guard let best else {
                first += 1
                continue
            }
            found.append(groups.ranges[first].lowerBound..<groups.ranges[best].upperBound)
            first = best + 1
        }
        return found
    }

    private static func isCard(_ digits: [Int]) -> Bool {
        // Mastercard has 22 to 27, Mir 22, Amex and others 3, Visa 4, Maestro and Mastercard 5 and 6, UnionPay 62 and 81.
        let start = digits[0] * 10 + digits[1]
        guard (22...27).contains(start) || (30...69).contains(start) || start == 81, Set(digits).count > 1 else {
            return false
        }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = index % 2 == 0 ? digit : 2 * digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }
}

/// Groups of digits with single separators between them.
struct DigitGroups {
    /// Where the groups stand.
    private(set) var ranges: [Range<Int>] = []
    /// Behind the last group.
    private(set) var end: Int

    init(_ text: RedactionText, from start: Int, separator isSeparator: (UInt8) -> Bool) {
        var position = start
        end = start
        while text[position].isDigit {
            let next = text.end(of: \.isDigit, from: position)
            ranges.append(position..<next)
            end = next
            guard isSeparator(text[next]) else { break }
            position = next + 1
        }
    }
}
