// Files of time zones, and the rules in their last lines.

import FuzzDriver

@testable import Messages

fuzz { start, count in
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let times = [0, 1_700_000_000, 4_000_000_000, -5_000_000_000].map { Timestamp(seconds: $0) }
    if let zone = try? TimeZone(name: "Fuzz", parsing: bytes) {
        for time in times {
            let date = zone.civil(at: time)
            expect((1...9_999).contains(date.year), "a date is within the years that can be written")
            expect(
                abs((zone.timestamp(of: date) - time).milliseconds) <= 2 * 93_600_000, "a date leads back to its time")
        }
    }
    if let rule = DaylightRule(parsing: String(decoding: bytes, as: UTF8.self)) {
        for time in times { expect(abs(rule.offset(at: time.seconds)) <= 93_600, "an offset is at most 26 hours") }
    }
    return 0
}
