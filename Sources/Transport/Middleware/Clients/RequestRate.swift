/// How often something may be done: so many times in a period, and so many at once.
public struct RequestRate: Sendable, Hashable {
    /// How many requests in a period, at least 1.
    public let count: Int
    /// The period, at least a millisecond.
    public let period: Duration
    /// How many may come at once after a pause, at least 1.
    public let burst: Int

    /// Creates a rate; without another burst a whole period's requests may come at once.
    public init(_ count: Int, per period: Duration, burst: Int? = nil) {
        self.count = min(max(1, count), 1_000_000_000)
        self.period = min(max(.milliseconds(1), period), .seconds(86_400))
        self.burst = min(max(1, burst ?? count), 1_000_000)
    }

    /// The time that one request uses up.
    var interval: Duration { period / count }
}

/// The buckets of many clients, in bounded memory.
///
/// A bucket is one point of time: when it will be full again. There are two halves; when the young one has its share the
/// old one is forgotten, so that whoever asked last is remembered, and nothing is ever searched.
struct RequestBuckets {
    /// Whose bucket it is.
    enum Key: Hashable {
        /// A client, by its IPv4 address or the upper half of its IPv6 address.
        case address(IPAddress)
        /// A token, by a number that only this process gives it.
        case token(Int)
    }

    private let maximalCount: Int
    private var young: [Key: ContinuousClock.Instant] = [:]
    private var old: [Key: ContinuousClock.Instant] = [:]

    init(maximalCount: Int) {
        self.maximalCount = max(2, maximalCount)
    }

    /// How many buckets there are.
    var count: Int { young.count + old.count }

    /// Takes a request out of a bucket; the time to wait when there is none left.
    mutating func take(_ key: Key, _ rate: RequestRate, at now: ContinuousClock.Instant) -> Duration? {
        let full = max(young[key] ?? old[key] ?? now, now)
        let wait = now.duration(to: full) - rate.interval * (rate.burst - 1)
        guard wait <= .zero else { return wait }
        old[key] = nil
        young[key] = full.advanced(by: rate.interval)
        if young.count >= maximalCount / 2 {
            old = young
            young = [:]
        }
        return nil
    }
}
