import Messages

/// What bounds the deliveries of one mailbox.
public struct MailboxLimits: Sendable, Hashable {
    /// How many dispatches are tried at once.
    public var concurrency: Int
    /// How many dispatches of one lane are tried at once.
    public var laneParallelism: Int
    /// How often attempts may start.
    public var rate: TokenBucket?
    /// When deferred dispatches are tried again.
    public var retry: RetrySchedule
    /// How long a dispatch is tried when its envelope does not say.
    public var expires: Duration
    /// How long one attempt may take.
    public var timeout: Duration

    /// Creates limits.
    public init(
        concurrency: Int = 64, laneParallelism: Int = 1, rate: TokenBucket? = nil,
        retry: RetrySchedule = RetrySchedule(),
        expires: Duration = .seconds(5 * 86_400), timeout: Duration = .seconds(60)
    ) {
        self.concurrency = max(1, concurrency)
        self.laneParallelism = max(1, laneParallelism)
        self.rate = rate
        self.retry = retry
        self.expires = expires
        self.timeout = timeout
    }
}

/// The lanes of one mailbox that take turns, and what they share.
final class MailboxLanes {
    var limits: MailboxLimits
    /// Lanes that have something to do, each once, in turn.
    private(set) var queue: [Address] = []
    private var head = 0
    /// How many dispatches are being tried.
    var active = 0
    var isPaused = false
    var breaker = Breaker(policy: .mailbox)

    init(limits: MailboxLimits) {
        self.limits = limits
    }

    func enqueue(_ lane: Address) {
        queue.append(lane)
    }

    func dequeue() -> Address? {
        guard head < queue.count else { return nil }
        defer {
            head += 1
            if head > 256, head * 2 > queue.count {
                queue.removeFirst(head)
                head = 0
            }
        }
        return queue[head]
    }

    var hasQueued: Bool { head < queue.count }

    /// Tells whether an attempt may start now, as far as the mailbox is concerned, except for its rate.
    func canStart(at now: Timestamp) -> Bool {
        !isPaused && active < limits.concurrency && breaker.allows(at: now)
    }
}
