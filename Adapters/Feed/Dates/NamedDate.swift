import Messages

/// Reads dates with a month's name in them: RFC 822 and 1123, RFC 850, asctime, and what is near them.
struct NamedDate {
    private var fields = DateFields()
    private var numbers: [Substring] = []
    private var hasMonth = false
    private var isAfternoon: Bool?
    private var zone: Int?

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// The time, `nil` for a text of another form.
    let timestamp: Timestamp?

    init(_ text: String) {
        var reader = NamedDate()
        timestamp = reader.read(text)
    }

    private init() {
        timestamp = nil
    }

    private mutating func read(_ text: String) -> Timestamp? {
        // A comment in parentheses repeats the zone (RFC 5322 §3.3).
        let bare = text.prefix { $0 != "(" }
        for word in bare.split(whereSeparator: { $0 == " " || $0 == "," }) {
            guard readWord(word) else { return nil }
        }
        guard hasMonth, numbers.count == 2 else { return nil }
        if numbers[0].utf8.count > 2 { numbers.swapAt(0, 1) }
        guard let day = Int(numbers[0]), var year = Int(numbers[1]) else { return nil }
        switch numbers[1].utf8.count {
        case 1, 2: year += year < 50 ? 2000 : 1900
        case 3: year += 1900
        default: break
        }
        fields.day = day
        fields.year = year
        if let isAfternoon { fields.hour = fields.hour % 12 + (isAfternoon ? 12 : 0) }
        fields.zone = zone ?? 0
        return fields.timestamp
    }

    /// Takes a word for what it can be; `false` when it makes the date none.
    private mutating func readWord(_ word: Substring) -> Bool {
        guard let first = word.utf8.first else { return true }
        if word.utf8.contains(UInt8(ascii: ":")), first.isDigit { return readTime(word) }
        if first.isDigit || (word.contains("-") && first != UInt8(ascii: "-")) { return readDate(word) }
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            zone = (zone ?? 0) + (DateZone.offset(String(word)) ?? 0)
            return true
        }
        return readName(word)
    }

    /// A number, or a date in one word: `07-Sep-2002`.
    private mutating func readDate(_ word: Substring) -> Bool {
        let parts = word.split(separator: "-")
        guard parts.count > 1 else {
            // `1st`, `2nd`: the digits count.
            numbers.append(word.prefix { $0.isASCII && $0.isNumber })
            return numbers.count <= 2
        }
        return parts.allSatisfy { part in
            if part.utf8.first?.isDigit == true {
                numbers.append(part)
                return numbers.count <= 2
            }
            return readName(part)
        }
    }

    private mutating func readTime(_ word: Substring) -> Bool {
        let time = word.prefix { $0.isASCII && ($0.isNumber || $0 == ":" || $0 == ".") }
        let suffix = word[time.endIndex...]
        let parts = time.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let hour = Int(parts[0]), let minute = Int(parts[1]) else { return false }
        fields.hour = hour
        fields.minute = minute
        if parts.count > 2 {
            guard let second = Int(parts[2].prefix { $0 != "." }) else { return false }
            fields.second = second
        }
        return suffix.isEmpty || readWord(suffix)
    }

    private mutating func readName(_ word: Substring) -> Bool {
        let name = word.lowercased()
        let start = String(name.prefix(3))
        if !hasMonth, let index = Self.months.firstIndex(of: start) {
            fields.month = index + 1
            hasMonth = true
        } else if name == "am" || name == "pm" {
            isAfternoon = name == "pm"
        } else if !Self.weekdays.contains(start) || name.hasSuffix("t") && name.utf8.count == 3 && name != "sat" {
            zone = DateZone.offset(String(word)) ?? 0
        }
        return true
    }
}
