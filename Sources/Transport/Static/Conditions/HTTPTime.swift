import Glibc

/// Reads the dates of HTTP (RFC 9110 §5.6.7).
enum HTTPTime {
    /// The seconds since 1970 of a date in one of the three forms; nil for anything else.
    ///
    /// They are `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    static func seconds(_ text: String) -> Int64? {
        guard text.utf8.count <= 40 else { return nil }
        let words = text.split(separator: " ")
        switch words.count {
        case 6 where words[5] == "GMT" && words[0].hasSuffix(","):
            return seconds(day: words[1], month: words[2], year: words[3], time: words[4])
        case 4 where words[3] == "GMT" && words[0].hasSuffix(","):
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, date[2].utf8.count == 2, let year = number(date[2]) else { return nil }
            // Two digits are of the years around ours: 70 is 1970, and 69 is 2069.
            return seconds(
                day: date[0], month: date[1], year: "\(year < 70 ? 2_000 + year : 1_900 + year)", time: words[2])
        case 5:
            return seconds(day: words[2], month: words[1], year: words[4], time: words[3])
        default:
            return nil
        }
    }

    private static func seconds(
        day: Substring, month: Substring, year: Substring, time: Substring
    ) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(number)
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            let day = number(day), let month = months.firstIndex(of: String(month)), let year = number(year),
            1...31 ~= day, 1_601...9_999 ~= year, hour < 24, minute < 60, second <= 60
        else { return nil }
        var parts = tm()
        parts.tm_mday = CInt(day)
        parts.tm_mon = CInt(month)
        parts.tm_year = CInt(year - 1_900)
        parts.tm_hour = CInt(hour)
        parts.tm_min = CInt(minute)
        parts.tm_sec = CInt(second)
        return Int64(timegm(&parts))
    }

    private static func number(_ text: Substring) -> Int? {
        guard 1...4 ~= text.utf8.count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static var months: [String] {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    }
}
