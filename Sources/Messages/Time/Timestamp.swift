/// A point in wall-clock time with millisecond precision, as envelopes and the spool keep it.
///
/// The range is the years 0001 to 9999, which RFC 3339 can write.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    public let milliseconds: Int64

    /// Creates a timestamp from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Creates a timestamp from whole seconds since 1970-01-01T00:00:00Z.
    public init(seconds: Int64) {
        self.milliseconds = seconds * 1000
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    /// Tells whether the first timestamp is before the second.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Returns the timestamp this long after the given one, to the millisecond.
    public static func + (timestamp: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: timestamp.milliseconds &+ duration.milliseconds)
    }

    /// Returns the timestamp this long before the given one, to the millisecond.
    public static func - (timestamp: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: timestamp.milliseconds &- duration.milliseconds)
    }

    /// Returns the time from the second timestamp to the first; negative when the first is earlier.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension Duration {
    /// The duration in whole milliseconds, rounded toward zero and held within `Int64`.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product &+ attoseconds / 1_000_000_000_000_000
    }
}
