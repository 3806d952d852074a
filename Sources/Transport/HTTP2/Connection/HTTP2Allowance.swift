/// How often something may happen: so many times at once, and so many more each second.
struct HTTP2Allowance {
    private let burst: Int
    private let rate: Int
    private var rest: Int
    /// When `rest` was last raised, in milliseconds of the loop.
    private var filled: Int64

    init(burst: Int, rate: Int, now: Int64) {
        self.burst = burst
        self.rate = rate
        rest = burst
        filled = now
    }

    /// Counts once; false when that was too often.
    mutating func take(now: Int64) -> Bool {
        if rest > 0 {
            rest -= 1
            return true
        }
        refill(now)
        guard rest > 0 else { return false }
        rest -= 1
        return true
    }

    /// Allows one more.
    mutating func give() {
        if rest < burst { rest += 1 }
    }

    private mutating func refill(_ now: Int64) {
        let added = (now - filled) * Int64(rate) / 1_000
        guard added > 0 else { return }
        rest = Int(min(Int64(burst), added))
        filled = now
    }
}
