import Messages

/// Dates as feeds write them: RFC 822 and its corruptions, RFC 3339 and its corruptions, asctime, Unix times.
enum FeedDates {
    /// The time that a text means; `nil` when it means none that can be told.
    ///
    /// A missing zone, or one nobody knows, is UTC. Two digits make a year of 1950 to 2049 (RFC 5322 §4.3).
    static func parse(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8.prefix(128)).filter { $0 < 0x80 }
        if text.contains("年") { return parseEastAsian(text) }
        let trimmed = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(
            separator: " ")
        guard let first = trimmed.utf8.first else { return nil }
        let digits = trimmed.utf8.prefix { $0.isDigit }.count
        if first.isDigit, digits == trimmed.utf8.count { return parseDigits(trimmed) }
        if digits == 4 || digits == 8 { return ISODate(trimmed).timestamp ?? NamedDate(trimmed).timestamp }
        return NamedDate(trimmed).timestamp
    }

    /// The time to sort by and to show: dates of the future and from before feeds cannot be right, and are now.
    static func clamped(_ time: Timestamp?, now: Timestamp) -> Timestamp {
        guard let time, time <= now, time >= earliest else { return now }
        return time
    }

    /// Before 1990 nobody published feeds.
    private static let earliest = CivilDate(year: 1990, month: 1, day: 1).timestamp

    private static func parseDigits(_ text: String) -> Timestamp? {
        guard let number = Int64(text) else { return nil }
        switch text.utf8.count {
        case 10: return Timestamp(seconds: number)
        case 13: return Timestamp(milliseconds: number)
        case 8, 14: return ISODate(text).timestamp
        default: return nil
        }
    }

    /// `2024年01月02日 15:04`, without a zone UTC.
    private static func parseEastAsian(_ text: String) -> Timestamp? {
        let numbers = text.split { !$0.isASCII || !$0.isNumber }.prefix(6).compactMap { Int($0) }
        guard numbers.count >= 3 else { return nil }
        let time = numbers.dropFirst(3) + [0, 0, 0]
        return DateFields(
            year: numbers[0], month: numbers[1], day: numbers[2], hour: time[3], minute: time[4], second: time[5]
        ).timestamp
    }
}

/// The fields of a date, not yet checked.
struct DateFields {
    var year = 0
    var month = 1
    var day = 1
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0
    /// Minutes east of UTC.
    var zone = 0

    /// The time, `nil` when a field is out of its range.
    var timestamp: Timestamp? {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.days(inMonth: month, of: year), (0...23).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), abs(zone) < 24 * 60
        else { return nil }
        let date = CivilDate(
            year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, 59),
            millisecond: millisecond)
        return date.timestamp - .seconds(zone * 60)
    }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
