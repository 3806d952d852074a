/// The rules of a time zone: how far its clocks are from UTC at any time.
public struct TimeZone: Sendable, Hashable {
    /// The zone of no offset.
    public static let utc = TimeZone(name: "UTC", first: 0, transitions: [], rule: nil)

    /// A change of the offset.
    struct Transition: Sendable, Hashable {
        /// When, in seconds since 1970-01-01T00:00:00Z.
        var time: Int64
        /// Seconds east of UTC from then on.
        var offset: Int
    }

    /// The name, as in `Europe/Berlin`.
    public let name: String
    /// Seconds east of UTC before the first transition.
    let first: Int
    /// In the order of their times.
    let transitions: [Transition]
    /// What holds after the last transition.
    let rule: DaylightRule?

    /// Seconds east of UTC at a time.
    public func offset(at time: Timestamp) -> Int {
        let seconds = time.seconds
        guard let last = transitions.last else { return rule?.offset(at: seconds) ?? first }
        if seconds >= last.time { return rule?.offset(at: seconds) ?? last.offset }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = low + (high - low) / 2
            if transitions[middle].time <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : transitions[low - 1].offset
    }

    /// What calendars and clocks of the zone show at a time.
    public func civil(at time: Timestamp) -> CivilDate {
        (time + .seconds(offset(at: time))).civil
    }

    /// When clocks of the zone show this; the first of two times, and of a date that the clocks skip, as long after the
    /// skip as it is after the skip's beginning.
    public func timestamp(of date: CivilDate) -> Timestamp {
        let local = date.timestamp
        let day = Duration.seconds(86_400)
        let (before, after) = (offset(at: local - day), offset(at: local + day))
        // Of two times that both show the date, the one with the larger offset is the earlier.
        let candidates = [max(before, after), min(before, after)].map { local - .seconds($0) }
        return candidates.first { $0 + .seconds(offset(at: $0)) == local } ?? local - .seconds(before)
    }
}
