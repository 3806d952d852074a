import Messages

/// What bounds the deliveries of one mailbox.
public struct MailboxLimits: Sendable, Hashable {
    /// How many dispatches are tried at once.
    public var concurrency: Int
    /// How many dispatches of one lane are tried at once.
    public var laneParallelism: Int
    /// How often attempts may start.
    public var rate: TokenBucket?
    /// How often attempts of one lane may start.
    public var laneRate: TokenBucket?
    /// Whether a platform that asks for a pause means the whole mailbox, and not the one lane.
    public var pausesMailbox: Bool
    /// What is done with a dispatch whose attempt did not deliver.
    public var retry: RetryPolicy
    /// How long a dispatch is tried when its envelope does not say.
    public var expires: Duration
    /// How long one attempt may take.
    public var timeout: Duration

    /// Creates limits.
    public init(
        concurrency: Int = 64, laneParallelism: Int = 1, rate: TokenBucket? = nil,
        retry: RetryPolicy = RetryPolicy(),
        expires: Duration = .seconds(5 * 86_400), timeout: Duration = .seconds(60), laneRate: TokenBucket? = nil,
        pausesMailbox: Bool = false
    ) {
        self.laneRate = laneRate
        self.pausesMailbox = pausesMailbox
        self.concurrency = max(1, concurrency)
        self.laneParallelism = max(1, laneParallelism)
        self.rate = rate
        self.retry = retry
        self.expires = expires
        self.timeout = timeout
    }

    /// Creates limits with one schedule for everything that is tried again.
    public init(
        concurrency: Int = 64, laneParallelism: Int = 1, rate: TokenBucket? = nil, retry schedule: RetrySchedule,
        expires: Duration = .seconds(5 * 86_400), timeout: Duration = .seconds(60), laneRate: TokenBucket? = nil,
        pausesMailbox: Bool = false
    ) {
        self.init(
            concurrency: concurrency, laneParallelism: laneParallelism, rate: rate, retry: RetryPolicy(schedule),
            expires: expires, timeout: timeout, laneRate: laneRate, pausesMailbox: pausesMailbox)
    }
}

/// The lanes of one mailbox that take turns, and what they share.
final class MailboxLanes {
    /// How many failures in a row, over all lanes, leave the concurrency as it is.
    private static let tolerance = 2

    let name: String
    let index: Int32
    private(set) var limits: MailboxLimits
    /// Lanes that have something to start, each once.
    var turns = TurnQueues()
    /// Lanes that are to be read, each once: those where something is urgent, and the others.
    var urgentLoads = TurnQueue()
    var loads = TurnQueue()
    /// How many dispatches of it are in windows.
    var inMemory = 0
    /// How many more may come from the loads that are under way.
    var reserved = 0
    /// How many dispatches are being tried.
    var active = 0
    var isPaused = false
    /// When it is looked at although nothing happened; earlier entries of the ``WakeQueue`` are void.
    var wake: Timestamp?
    /// The platform asked for a pause of the whole mailbox until then.
    var pausedUntil: Timestamp?
    var concurrency: ConcurrencyWindow
    var breaker = Breaker(policy: .mailbox)

    init(_ name: String, index: Int32, limits: MailboxLimits) {
        self.name = name
        self.index = index
        self.limits = limits
        concurrency = ConcurrencyWindow(maximum: limits.concurrency, tolerance: Self.tolerance, backoff: 0.9)
    }

    /// Takes other limits; what has been learnt of the platform stays.
    func use(_ limits: MailboxLimits) {
        if limits.concurrency != self.limits.concurrency {
            concurrency = ConcurrencyWindow(maximum: limits.concurrency, tolerance: Self.tolerance, backoff: 0.9)
        }
        self.limits = limits
    }

    /// Whether lanes of it are to be read.
    var hasLoads: Bool { !loads.isEmpty || !urgentLoads.isEmpty }

    /// Takes a token of the mailbox's rate; `nil` when there was one, otherwise when there will be.
    func takeToken(at now: Timestamp) -> Timestamp? {
        limits.rate?.take(at: now)
    }

    /// Keeps the pause that the platform asked for.
    func pause(until time: Timestamp) {
        pausedUntil = max(pausedUntil ?? time, time)
        limits.rate?.drain(until: time)
    }

    /// The clock was set back: what is to end then ends when it would have.
    func clockWasSetBack(by jump: Duration) {
        pausedUntil = pausedUntil.map { $0 - jump }
        breaker.clockWasSetBack(by: jump)
        limits.rate?.clockWasSetBack(by: jump)
    }

    /// Tells whether an attempt may start now, as far as the mailbox is concerned, except for its rate.
    func canStart(at now: Timestamp) -> Bool {
        concurrency.allows(active) && mayTry(at: now)
    }

    /// Tells whether neither an operator, nor the platform, nor the breaker stops it.
    func mayTry(at now: Timestamp) -> Bool {
        !isPaused && breaker.allows(at: now) && (pausedUntil.map { $0 <= now } ?? true)
    }
}
