public import Messages

/// The circuit breaker of a mailbox or a lane: after failures in a row it stops all attempts for a while, then lets
/// one through as a probe.
public struct Breaker: Sendable, Hashable {
    /// What the breaker lets through.
    public enum State: Sendable, Hashable {
        /// Everything.
        case closed
        /// Nothing until then.
        case open(until: Timestamp)
        /// One probe, which is under way.
        case halfOpen
    }

    /// What a result changed.
    public enum Change: Sendable, Hashable {
        /// It opened, until then; again, when the probe failed.
        case opened(until: Timestamp)
        /// It closed.
        case closed
    }

    /// When it opens, and for how long.
    public struct Policy: Sendable, Hashable {
        /// It opens after this many failures in a row.
        public var threshold: Int
        /// How many different lanes must be among them.
        public var lanes: Int
        /// How long it stays open the first time; twice as long each time the probe fails.
        public var firstPause: Duration
        /// The longest that it stays open.
        public var maximumPause: Duration

        /// Creates a policy.
        public init(threshold: Int, lanes: Int, firstPause: Duration, maximumPause: Duration) {
            self.threshold = threshold
            self.lanes = lanes
            self.firstPause = firstPause
            self.maximumPause = maximumPause
        }

        /// A lane opens after 5 failures for 30 s, 1 m, 2 m … up to 10 m.
        public static let lane = Policy(threshold: 5, lanes: 1, firstPause: .seconds(30), maximumPause: .seconds(600))
        /// A mailbox opens after 10 failures in at least 3 lanes for 30 s, 1 m, 2 m … up to 10 m.
        public static let mailbox = Policy(
            threshold: 10, lanes: 3, firstPause: .seconds(30), maximumPause: .seconds(600))
    }

    /// Its policy.
    public let policy: Policy
    /// What it lets through.
    public private(set) var state = State.closed
    /// Why it opened.
    public private(set) var reason: String?
    /// Since when it has been in trouble.
    public private(set) var since: Timestamp?
    private var failures = 0
    private var failedLanes: Set<Address> = []
    private var openings = 0

    /// Creates a closed breaker.
    public init(policy: Policy) {
        self.policy = policy
    }

    /// Creates a breaker that was open when the router stopped.
    init(policy: Policy, restoring record: BreakerRecord) {
        self.policy = policy
        state = .open(until: record.until)
        reason = record.reason
        since = record.since
        openings = record.openings
    }

    /// Tells whether an attempt may start now.
    public func allows(at now: Timestamp) -> Bool {
        switch state {
        case .closed: true
        case .open(let until): now >= until
        case .halfOpen: false
        }
    }

    /// When an attempt may start, when not now.
    public var nextProbe: Timestamp? {
        if case .open(let until) = state { until } else { nil }
    }

    /// What outlives a restart; `nil` for a closed breaker.
    ///
    /// A probe that was under way then has told nothing, so the next one may go at once.
    var record: BreakerRecord? {
        guard state != .closed, let since else { return nil }
        return BreakerRecord(reason: reason ?? "", since: since, until: nextProbe ?? since, openings: openings)
    }

    /// The clock was set back: the pause ends when it would have.
    mutating func clockWasSetBack(by jump: Duration) {
        if case .open(let until) = state { state = .open(until: until - jump) }
    }

    /// Lets the next attempt go as the probe at once: a person wants to know.
    public mutating func probe(at now: Timestamp) {
        if case .open(let until) = state, until > now { state = .open(until: now) }
    }

    /// Says that an attempt starts: the first one after the pause is the probe.
    public mutating func attempted() {
        if case .open = state { state = .halfOpen }
    }

    /// Says that an attempt ended without telling anything of the platform, so that another probe may go.
    public mutating func abandoned(at now: Timestamp) {
        if state == .halfOpen { state = .open(until: now) }
    }

    /// Says that the platform answered; that it refused one message is an answer as well.
    public mutating func succeeded() -> Change? {
        let wasClosed = state == .closed
        self = Breaker(policy: policy)
        return wasClosed ? nil : .closed
    }

    /// Says that an attempt in this lane failed.
    public mutating func failed(in lane: Address, reason: String, at now: Timestamp) -> Change? {
        failures += 1
        if failedLanes.count < policy.lanes { failedLanes.insert(lane) }
        switch state {
        case .closed where failures >= policy.threshold && failedLanes.count >= policy.lanes: break
        case .halfOpen: break
        case .closed, .open: return nil
        }
        openings = min(openings + 1, 32)
        var pause = policy.firstPause
        for _ in 1..<openings where pause < policy.maximumPause { pause *= 2 }
        let until = now + min(pause, policy.maximumPause)
        if since == nil { since = now }
        self.reason = reason
        state = .open(until: until)
        return .opened(until: until)
    }
}
