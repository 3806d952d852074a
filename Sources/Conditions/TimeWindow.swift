import Messages

/// Times that a condition asks for.
enum TimeWindow: Sendable, Hashable {
    /// From a time on and before another.
    case span(from: Timestamp?, until: Timestamp?)
    /// Hours of certain days, as the clocks of a zone show them.
    case hours(DailyHours)

    /// Whether a time is one of them.
    func contains(_ time: Timestamp) -> Bool {
        switch self {
        case .span(let from, let until): (from.map { time >= $0 } ?? true) && (until.map { time < $0 } ?? true)
        case .hours(let hours): hours.contains(time)
        }
    }
}

/// Hours that return every day or week.
struct DailyHours: Sendable, Hashable {
    /// The days of the week in the order of their numbers, 0 for Sunday.
    static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    /// The minutes of a day.
    static let dayLength = 1_440

    /// The first minute of the day that counts.
    var from: Int
    /// The first that does not; before `from` it is one of the next day.
    var until: Int
    /// The days on which the hours begin; `nil` for every day.
    var days: Set<Int>?
    /// Whose clocks count.
    var zone: TimeZone

    /// Whether a time is within the hours.
    func contains(_ time: Timestamp) -> Bool {
        let local = zone.civil(at: time)
        let minute = local.hour * 60 + local.minute
        guard from >= until else { return minute >= from && minute < until && isDay(local.weekday) }
        return minute >= from ? isDay(local.weekday) : minute < until && isDay((local.weekday + 6) % 7)
    }

    private func isDay(_ day: Int) -> Bool { days?.contains(day) ?? true }
}

extension TimeWindow: CustomStringConvertible {
    /// The window as the rest of a sentence: `from 09:00 to 17:00 on mon, tue (Europe/Berlin)`.
    var description: String {
        switch self {
        case .span(let from?, let until?): "from \(from) to \(until)"
        case .span(let from?, nil): "\(from) or later"
        case .span(nil, let until?): "before \(until)"
        case .span(nil, nil): "any time"
        case .hours(let hours): hours.description
        }
    }
}

extension DailyHours: CustomStringConvertible {
    /// The hours as the rest of a sentence.
    var description: String {
        var words: [String] = []
        if from != 0 || until != Self.dayLength { words.append("from \(Self.clock(from)) to \(Self.clock(until))") }
        if let days {
            // A week is written from Monday on.
            let names = days.sorted { ($0 + 6) % 7 < ($1 + 6) % 7 }.map { Self.dayNames[$0] }
            words.append("on \(names.joined(separator: ", "))")
        }
        return (words + ["(\(zone.name))"]).joined(separator: " ")
    }

    private static func clock(_ minutes: Int) -> String {
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
