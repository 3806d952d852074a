import Messages

/// Reads `Retry-After`: seconds, or one of the three forms of an HTTP date (RFC 9110 §10.2.3, §5.6.7).
enum RetryAfter {
    /// The longest wait that is believed.
    static let maximum: Duration = .seconds(86_400)

    /// How long to wait from `now`; zero for a time gone by, `nil` for what is neither.
    static func parse(_ text: String, now: Timestamp) -> Duration? {
        let text = text.filter { $0 != "\"" }
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return min(maximum, Int64(text).map { .seconds($0) } ?? maximum)
        }
        return HTTPDate.parse(text, now: now).map { min(maximum, max(.zero, $0 - now)) }
    }
}

/// Reads HTTP dates: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two obsolete forms that must still be understood.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The time, or `nil` when the text is no HTTP date; `now` tells the century of a year of two digits.
    static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        let words = text.split(whereSeparator: { " ,-".contains($0) })
        let date: CivilDate?
        if words.count == 6, words[5] == "GMT" {
            date = Self.date(day: words[1], month: words[2], year: words[3], time: words[4], now: now)
        } else if words.count == 5 {
            // asctime: `Sun Nov  6 08:49:37 1994`
            date = Self.date(day: words[2], month: words[1], year: words[4], time: words[3], now: now)
        } else {
            date = nil
        }
        return date?.timestamp
    }

    private static func date(
        day: Substring, month: Substring, year: Substring, time: Substring, now: Timestamp
    ) -> CivilDate? {
        let clock = time.split(separator: ":").map { Int($0) }
        guard let month = months.firstIndex(of: String(month)).map({ $0 + 1 }), var yearNumber = Int(year),
            let day = Int(day), clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        if year.utf8.count == 2 {
            // More than 50 years ahead means the last century (RFC 9110 §5.6.7).
            let current = now.civil.year
            yearNumber += current / 100 * 100
            if yearNumber > current + 50 { yearNumber -= 100 }
        }
        guard (1...9999).contains(yearNumber), (1...CivilDate.days(inMonth: month, of: yearNumber)).contains(day) else {
            return nil
        }
        return CivilDate(
            year: yearNumber, month: month, day: day, hour: hour, minute: minute, second: min(second, 59))
    }
}
