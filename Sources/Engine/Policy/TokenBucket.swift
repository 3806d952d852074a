public import Messages

/// A limit on how often something may happen: `rate` times in `period`, saved up to one period's worth.
public struct TokenBucket: Sendable, Hashable {
    /// How often in a period.
    public let rate: Int
    /// The period.
    public let period: Duration
    private var tokens: Double
    private var updated: Timestamp?

    /// Creates a full bucket; rate and period are at least 1 and 1 ms.
    public init(rate: Int, per period: Duration) {
        self.rate = max(1, rate)
        self.period = max(.milliseconds(1), period)
        self.tokens = Double(max(1, rate))
    }

    /// Takes one token; `nil` when it was there, otherwise when one will be.
    public mutating func take(at now: Timestamp) -> Timestamp? {
        refill(at: now)
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        let wait = (1 - tokens) * Double(period.milliseconds) / Double(rate)
        return now + .milliseconds(Int64(wait.rounded(.up)))
    }

    /// Empties the bucket until then: the platform asked for a pause.
    public mutating func drain(until time: Timestamp) {
        tokens = 0
        updated = time
    }

    /// A clock that went back gives nothing and takes nothing.
    private mutating func refill(at now: Timestamp) {
        guard let updated else { return self.updated = now }
        let elapsed = (now - updated).milliseconds
        guard elapsed > 0 else { return }
        self.updated = now
        tokens = min(Double(rate), tokens + Double(elapsed) * Double(rate) / Double(period.milliseconds))
    }
}
