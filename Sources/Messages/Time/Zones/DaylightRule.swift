/// What a zone does from year to year: the `TZ` text of POSIX (IEEE 1003.1 §8.3), as in `CET-1CEST,M3.5.0,M10.5.0/3`.
struct DaylightRule: Sendable, Hashable {
    /// A day of every year.
    enum Day: Sendable, Hashable {
        /// `M3.5.0`: the last Sunday of March; week 5 is the last one.
        case weekday(month: Int, week: Int, weekday: Int)
        /// `J60`: counted from 1, without 29 February.
        case withoutLeapDay(Int)
        /// `59`: counted from 0.
        case ordinal(Int)
    }

    /// When clocks change: seconds after the beginning of a day, by the clocks before the change.
    struct Change: Sendable, Hashable {
        var day: Day
        var seconds: Int
    }

    /// Seconds east of UTC in winter.
    var standard: Int
    /// Summer time: how far from UTC clocks are then, and when it begins and ends.
    private struct Summer: Sendable, Hashable {
        var offset: Int
        var begins: Change
        var ends: Change
    }

    /// `nil` where clocks never change.
    private var summer: Summer?

    /// Seconds east of UTC at a time, in seconds since 1970.
    func offset(at time: Int64) -> Int {
        guard let summer else { return standard }
        let year = Timestamp(seconds: time + Int64(standard)).civil.year
        let begins = summer.begins.time(in: year) - Int64(standard)
        let ends = summer.ends.time(in: year) - Int64(summer.offset)
        // In the south summer goes over the turn of the year.
        let isSummer = begins < ends ? time >= begins && time < ends : time >= begins || time < ends
        return isSummer ? summer.offset : standard
    }
}

extension DaylightRule {
    /// Parses the text; `nil` when it is none.
    init?(parsing text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard reader.skipName(), let west = reader.time(hours: 24) else { return nil }
        standard = -west
        if reader.isAtEnd { return }
        guard reader.skipName() else { return nil }
        var offset = standard + 3_600
        if !reader.isAtEnd, reader.next != UInt8(ascii: ",") {
            guard let west = reader.time(hours: 24) else { return nil }
            offset = -west
        }
        guard let begins = reader.change(), let ends = reader.change(), reader.isAtEnd else { return nil }
        summer = Summer(offset: offset, begins: begins, ends: ends)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var isAtEnd: Bool { position == bytes.count }
        var next: UInt8? { isAtEnd ? nil : bytes[position] }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard next == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        /// `CET`, or `<+03>` where the name has digits in it.
        mutating func skipName() -> Bool {
            let start = position
            if take("<") {
                while let byte = next, byte != UInt8(ascii: ">") { position += 1 }
                return take(">") && position > start + 2
            }
            while let byte = next, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) { position += 1 }
            return position > start
        }

        mutating func number(upTo limit: Int) -> Int? {
            var value: Int?
            while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                value = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
                guard let value, value <= limit else { return nil }
                position += 1
            }
            return value
        }

        /// `[+-]hh[:mm[:ss]]` in seconds; RFC 9636 §3.3.1 allows up to 167 hours in a change.
        mutating func time(hours limit: Int) -> Int? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(upTo: limit) else { return nil }
            var seconds = hours * 3_600
            for unit in [60, 1] where take(":") {
                guard let value = number(upTo: 59) else { return nil }
                seconds += value * unit
            }
            return isNegative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day, seconds: 7_200) }
            return time(hours: 167).map { Change(day: day, seconds: $0) }
        }

        private mutating func day() -> Day? {
            if take("J") { return number(upTo: 365).flatMap { $0 > 0 ? .withoutLeapDay($0) : nil } }
            guard take("M") else { return number(upTo: 365).map { .ordinal($0) } }
            guard let month = number(upTo: 12), month > 0, take("."), let week = number(upTo: 5), week > 0, take("."),
                let weekday = number(upTo: 6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}

extension DaylightRule.Change {
    /// When it is in a year, in seconds since 1970 as the clocks before it count.
    fileprivate func time(in year: Int) -> Int64 { midnight(in: year) + Int64(seconds) }

    private func midnight(in year: Int) -> Int64 {
        func start(_ month: Int, _ day: Int) -> Int64 {
            CivilDate(year: year, month: month, day: day).timestamp.seconds
        }
        switch day {
        case .ordinal(let number): return start(1, 1) + Int64(number) * 86_400
        case .withoutLeapDay(let number):
            let isLeap = CivilDate.days(inMonth: 2, of: year) == 29
            return start(1, 1) + Int64(number - (isLeap && number >= 60 ? 0 : 1)) * 86_400
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).weekday
            var number = 1 + (weekday - first + 7) % 7 + (week - 1) * 7
            while number > CivilDate.days(inMonth: month, of: year) { number -= 7 }
            return start(month, number)
        }
    }
}
