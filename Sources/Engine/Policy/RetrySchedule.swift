import Messages

/// When a dispatch is tried again: exponential backoff with jitter, never before the platform's Retry-After.
///
/// With the defaults the pauses are about 30 s, 1 m, 2 m, 4 m, 8 m, 16 m, 32 m, 1 h 4 m, 2 h 8 m, then 4 h each, every
/// one up to a fifth shorter or longer, until the dispatch expires.
public struct RetrySchedule: Sendable, Hashable {
    /// The pause after the first attempt.
    public var first: Duration
    /// What each pause is multiplied with to get the next; at least 1.
    public var factor: Double
    /// The longest pause.
    public var maximum: Duration
    /// How far a pause is moved at random, as a share of it, to either side.
    public var jitter: Double
    /// The most attempts in all, those that ended otherwise included; `nil` for no limit.
    public var attempts: Int?
    /// How long after its acceptance a dispatch is given up; `nil` for as long as it has not expired.
    public var until: Duration?

    /// Creates a schedule.
    public init(
        first: Duration = .seconds(30), factor: Double = 2, maximum: Duration = .seconds(4 * 3_600),
        jitter: Double = 0.2, attempts: Int? = nil, until: Duration? = nil
    ) {
        self.first = first
        self.factor = max(1, factor)
        self.maximum = maximum
        self.jitter = min(max(0, jitter), 1)
        self.attempts = attempts
        self.until = until
    }

    /// The pause after this attempt (1 for the first), at least `retryAfter`.
    public func pause(
        afterAttempt attempt: Int, retryAfter: Duration? = nil, using random: inout some RandomNumberGenerator
    ) -> Duration {
        let pause = Double(pause(afterAttempt: attempt).milliseconds)
        let moved = pause * (1 + Double.random(in: -jitter...jitter, using: &random))
        return max(.milliseconds(Int64(moved)), retryAfter ?? .zero)
    }

    /// The pause after this attempt (1 for the first) without jitter.
    public func pause(afterAttempt attempt: Int) -> Duration {
        var pause = Double(first.milliseconds)
        let limit = Double(maximum.milliseconds)
        for _ in 1..<max(1, min(attempt, 1_000)) where pause < limit { pause *= factor }
        return .milliseconds(Int64(min(pause, limit)))
    }
}
