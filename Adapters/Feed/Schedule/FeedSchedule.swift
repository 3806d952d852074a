import Messages

/// When to ask a feed again.
///
/// Pure: the time and the chance are given.
struct FeedSchedule: Sendable, Hashable {
    /// The longest that a feed or its server can make us wait for the next regular poll.
    static let longestHint = Duration.seconds(86_400)
    /// The longest wait after failures.
    static let longestBackoff = Duration.seconds(86_400)
    /// The longest wait that a server can ask for with `Retry-After`.
    static let longestRetryAfter = Duration.seconds(7 * 86_400)
    /// The wait after the first failure, unless polls are more frequent than that.
    static let firstBackoff = Duration.seconds(300)

    /// The time between polls that the operator wants.
    var every: Duration

    /// The time of the next poll after one that went well.
    ///
    /// Never before the feed's own interval has passed, nor the lifetime that the server gave the answer (RFC 9111
    /// §4.2.1); and in no hour and on no day that the feed excludes. `chance`, from 0 to 1, spreads polls by up to a
    /// twentieth.
    func next(after now: Timestamp, hints: FeedHints, lifetime: Duration?, chance: Double) -> Timestamp {
        let hint = min(max(hints.interval ?? .zero, lifetime ?? .zero), Self.longestHint)
        let wait = max(every, hint)
        return Self.allowed(now + (wait + wait * (chance / 20)), hints: hints)
    }

    /// The time of the next poll after failures in a row: 5, 10, 20 … minutes up to a day, a fifth more or less by
    /// chance, and never before the server's `Retry-After`.
    func retry(after now: Timestamp, failures: Int, retryAfter: Duration?, chance: Double) -> Timestamp {
        let first = min(every, Self.firstBackoff)
        let doublings = min(max(failures - 1, 0), 30)
        let backoff = min(first * (1 << doublings), Self.longestBackoff)
        let spread = min(backoff * (0.8 + 0.4 * chance), Self.longestBackoff)
        return now + max(spread, min(retryAfter ?? .zero, Self.longestRetryAfter))
    }

    /// The time, or the start of the next hour that the feed does not exclude; a feed that excludes all is not believed.
    private static func allowed(_ time: Timestamp, hints: FeedHints) -> Timestamp {
        var candidate = time
        for _ in 0..<(8 * 24) {
            let date = candidate.civil
            guard hints.skippedHours.contains(date.hour) || hints.skippedDays.contains(date.weekday) else {
                return candidate
            }
            candidate = Timestamp(seconds: (candidate.seconds / 3_600 + 1) * 3_600)
        }
        return time
    }
}
