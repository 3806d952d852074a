/// A point in wall-clock time with millisecond precision, as envelopes and the spool keep it.
///
/// The range is the years 0001 to 9999, which RFC 3339 can write; what is computed beyond it is held at its ends.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// The first millisecond of the range, 0001-01-01T00:00:00.000Z.
    public static let earliest = Timestamp(milliseconds: -62_135_596_800_000)
    /// The last millisecond of the range, 9999-12-31T23:59:59.999Z.
    public static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    public let milliseconds: Int64

    /// Creates a timestamp from milliseconds since 1970-01-01T00:00:00Z, or the nearest in the range.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    }

    /// Creates a timestamp from whole seconds since 1970-01-01T00:00:00Z, or the nearest in the range.
    public init(seconds: Int64) {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        self.init(milliseconds: overflow ? (seconds < 0 ? .min : .max) : milliseconds)
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
        let offset = duration.milliseconds
        let (sum, overflow) = timestamp.milliseconds.addingReportingOverflow(offset)
        return Timestamp(milliseconds: overflow ? (offset < 0 ? .min : .max) : sum)
    }

    /// Returns the timestamp this long before the given one, to the millisecond.
    public static func - (timestamp: Timestamp, duration: Duration) -> Timestamp {
        let offset = duration.milliseconds
        let (difference, overflow) = timestamp.milliseconds.subtractingReportingOverflow(offset)
        return Timestamp(milliseconds: overflow ? (offset < 0 ? .max : .min) : difference)
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
        let (product, isBeyond) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isStillBeyond) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        guard !isBeyond, !isStillBeyond else { return seconds < 0 ? .min : .max }
        return sum
    }
}
