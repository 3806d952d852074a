import Glibc

/// Writes the `Date` field (RFC 9110 §5.6.7), anew once in a second at most.
struct HTTPDate {
    private let currentTime: @Sendable () -> Int64
    private var second = Int64.min
    private var bytes: [UInt8] = []

    init(_ currentTime: @escaping @Sendable () -> Int64) {
        self.currentTime = currentTime
    }

    /// The whole line with its end: `Date: Sun, 06 Nov 1994 08:49:37 GMT`.
    mutating func line() -> [UInt8] {
        let now = currentTime()
        if now != second {
            second = now
            bytes = Array("Date: \(Self.text(of: now))\r\n".utf8)
        }
        return bytes
    }

    /// The time in the form of HTTP dates.
    static func text(of seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date =
            "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900)"
        return "\(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }

    private static func two(_ number: CInt) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
