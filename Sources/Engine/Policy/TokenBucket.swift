public import Messages

/// A limit on how often something may happen: `rate` times in `period`, saved up to one period's worth.
public struct TokenBucket: Sendable, Hashable {
    /// How often in a period.
    public let rate: Int
    /// The period.
    public let period: Duration
    private var tokens: Double
    private var updated: Timestamp?
    private var emptyUntil: Timestamp?

    /// Creates a full bucket; rate and period are at least 1 and 1 ms.
    public init(rate: Int, per period: Duration) {
        self.rate = max(1, rate)
        self.period = max(.milliseconds(1), period)
        self.tokens = Double(max(1, rate))
    }

    /// Takes one token; `nil` when it was there, otherwise when one will be.
    public mutating func take(at now: Timestamp) -> Timestamp? {
        if let time = next(at: now) { return time }
        tokens -= 1
        return nil
    }

    /// When a token will be there; `nil` when one is.
    public mutating func next(at now: Timestamp) -> Timestamp? {
        refill(at: now)
        if let emptyUntil { return emptyUntil }
        guard tokens < 1 else { return nil }
        return now + wait(for: 1)
    }

    /// When the bucket is full again if nothing is taken; `nil` when it is.
    public mutating func fullAgain(at now: Timestamp) -> Timestamp? {
        refill(at: now)
        // What is counted in fractions never sums up quite.
        guard emptyUntil != nil || Double(rate) - tokens > 0.000_001 else { return nil }
        return max(now, emptyUntil ?? now) + wait(for: Double(rate))
    }

    /// Empties the bucket until then: the platform asked for a pause.
    public mutating func drain(until time: Timestamp) {
        tokens = 0
        emptyUntil = max(time, emptyUntil ?? time)
    }

    /// The clock was set back: tokens come when they would have.
    mutating func clockWasSetBack(by jump: Duration) {
        emptyUntil = emptyUntil.map { $0 - jump }
        updated = updated.map { $0 - jump }
    }

    private func wait(for wanted: Double) -> Duration {
        let milliseconds = (wanted - tokens) * Double(period.milliseconds) / Double(rate)
        return .milliseconds(max(1, Int64(milliseconds.rounded(.up))))
    }

    /// A clock that went back gives nothing and takes nothing.
    private mutating func refill(at now: Timestamp) {
        if let time = emptyUntil {
            guard time <= now else { return }
            emptyUntil = nil
            updated = time
        }
        defer { updated = now }
        guard let updated, updated < now else { return }
        let elapsed = (now - updated).milliseconds
        tokens = min(Double(rate), tokens + Double(elapsed) * Double(rate) / Double(period.milliseconds))
    }
}
