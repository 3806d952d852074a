/// Finds phone numbers: international ones (E.164), those with a leading zero, North American and Chinese mobile ones.
enum PhoneFinder {
    static func ranges(in text: RedactionText) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < text.count {
            let byte = text[position]
            let begins = byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "(")
            guard begins, !text[position - 1].isLetterOrDigit else {
                position += 1
                continue
            }
            let number = PhoneNumber(text, from: position)
            if number.isPhone { ranges.append(position..<number.end) }
            position = max(position + 1, number.end)
        }
        return ranges
    }
}

/// Digits as they stand in a phone number.
private struct PhoneNumber {
    private var digits: [UInt8] = []
    /// How many digits stand between separators.
    private var groups: [Int] = [0]
    private let hasPlus: Bool
    /// Behind the last digit.
    private(set) var end: Int

    /// E.164 allows 15 digits; what has more is another number.
    private static let longest = 18

    init(_ text: RedactionText, from start: Int) {
        hasPlus = text[start] == UInt8(ascii: "+")
        var position = hasPlus ? start + 1 : start
        var gap = 0
        end = position
        while position < text.count, digits.count <= Self.longest, gap <= 2 {
            if text[position].isDigit {
                if gap > 0, !digits.isEmpty { groups.append(0) }
                gap = 0
                digits.append(text[position])
                groups[groups.count - 1] += 1
                end = position + 1
            } else if " -./()".utf8.contains(text[position]) {
                gap += 1
            } else {
                break
            }
            position += 1
        }
        if text[end].isLetter { digits = [] }
    }

    var isPhone: Bool {
        let count = digits.count
        if hasPlus { return (8...15).contains(count) }
        if digits.starts(with: "00".utf8) { return (10...17).contains(count) }
        if digits.first == UInt8(ascii: "0") { return (9...12).contains(count) && groups.first != 1 }
        if groups == [3, 3, 4] { return true }
        return count == 11 && digits[0] == UInt8(ascii: "1") && digits[1] >= UInt8(ascii: "3") && groups.count <= 3
            && groups.first != 4
    }
}
