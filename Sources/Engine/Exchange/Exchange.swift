public import AdapterKit
public import Clocks
public import Logging
import Messages
public import Routing
public import Spooling
import Synchronization

/// The heart of the router: accept → route → spool → dispatch → settle.
///
/// Accepting runs where the caller runs and needs no turn of the actor; what the actor owns is which dispatch is tried
/// when. A message's way through it: ``accept(_:)`` → the spool's commit → ``committed`` → the scheduler → `begin`
/// in the spool → the adapter → `settle` in the spool.
public actor Exchange {
    /// Where everything is kept.
    public nonisolated let spool: any MessageSpool
    /// Tells what happens to messages.
    public nonisolated let feed: ExchangeFeed
    /// What users have arranged at run time, as the spool keeps it.
    public nonisolated let directory = Directory()
    /// What is counted and measured.
    public nonisolated let metrics = ExchangeMetrics()
    nonisolated let pressure: AcceptGate
    /// The time, and how to wait.
    public nonisolated let clock: any WallClock
    nonisolated let logger: Logger
    nonisolated let identifiers: MessageIDSource
    nonisolated let routing: Mutex<RoutingState>
    nonisolated let gate = Mutex(Gate())
    /// How long dispatches of each mailbox are tried.
    nonisolated let lifetimes = Mutex<[String: Duration]>([:])
    nonisolated let ownExecutor: any SerialExecutor
    /// The mailboxes whose messages programs take.
    nonisolated let pulled = PulledMailboxes()
    nonisolated let deliveryExecutors: [any TaskExecutor]

    var scheduler: DispatchScheduler
    var mailboxes: [String: InstalledMailbox] = [:]
    var deliveries: [Int64: Delivery] = [:]
    var random: any RandomNumberGenerator & Sendable
    private var timer: (time: Timestamp, task: Task<Void, Never>)?
    private var watch: Task<Void, Never>?
    private var begins: [Int: Task<Void, Never>] = [:]
    private var nextBegin = 0
    private var nextExecutor = 0
    private var pumpIsDue = false
    /// Settlements that wait for those before them to be on the disk.
    var settling: [PendingSettlement] = []
    /// Writes settlements; nil when there are none.
    var recording: Task<Void, Never>?
    /// What is remembered of breakers.
    var breakers = BreakerLedger()
    /// Settlements that could not be written, and what writes them again.
    var unwritten: [PendingSettlement] = []
    var rewriting: Task<Void, Never>?
    /// The router has no time left: what cannot be written now is found unfinished by its next start.
    var writesNoMore = false
    /// How the spool's steps go.
    var steps = SpoolSteps()
    var clockWatch = ClockWatch()
    private var isPrepared = false

    /// What stops accepting.
    struct Gate {
        var isStopping = false
        /// The spool's limit is reached.
        var spoolIsFull: String?
        /// Why the last commit of a message failed, if the disk was full or broken; the next one may succeed.
        var lastCommitFailure: String?
    }

    /// An attempt under way.
    struct Delivery {
        let task: Task<Void, Never>
        /// By the clock that is never set.
        let deadline: Duration
    }

    /// A mailbox that dispatches can go out by.
    struct InstalledMailbox {
        let adapter: any Adapter
        let limits: MailboxLimits
    }

    /// Runs the actor on the executor it was given.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { ownExecutor.asUnownedSerialExecutor() }

    /// Creates an exchange.
    ///
    /// - Parameters:
    ///   - routing: the table and what goes with it.
    ///   - spool: where everything is kept.
    ///   - clock: the time.
    ///   - identifiers: makes the ids of bounces.
    ///   - random: the jitter of retries.
    ///   - logger: where events go.
    ///   - executor: runs the exchange itself.
    ///   - deliveryExecutors: run the attempts, in turn; none for Swift's own pool.
    ///   - memory: bounds what the lanes hold.
    public init(
        routing: RoutingState, spool: any MessageSpool, clock: any WallClock, identifiers: MessageIDSource,
        random: any RandomNumberGenerator & Sendable, logger: Logger, executor: any SerialExecutor,
        deliveryExecutors: [any TaskExecutor] = [], memory: LaneMemoryLimits = .standard
    ) {
        scheduler = DispatchScheduler(limits: memory)
        var routing = routing
        routing.table.directory = directory
        self.routing = Mutex(routing)
        self.spool = spool
        self.clock = clock
        self.identifiers = identifiers
        self.random = random
        pressure = AcceptGate(clock: clock, random: random)
        self.logger = logger
        feed = ExchangeFeed(started: clock.now)
        self.ownExecutor = executor
        self.deliveryExecutors = deliveryExecutors
    }

    /// Swaps in another routing table; what is spooled keeps its route.
    public nonisolated func use(_ state: RoutingState) {
        var state = state
        state.table.directory = directory
        // The old table is large: it goes when nobody waits for the lock.
        routing.withLock { swap(&$0, &state) }
    }

    /// Takes up what earlier runs have remembered of the mailboxes; before anybody can change it.
    ///
    /// - Throws: ``SpoolError`` when the spool cannot be read.
    public func prepare() async throws {
        guard !isPrepared else { return }
        try await restoreBreakersAndPauses()
        try await loadDirectory()
        isPrepared = true
    }

    /// Takes up what the spool holds and dispatches until the task is cancelled; then waits for attempts under way.
    ///
    /// - Throws: ``SpoolError`` when what earlier runs have remembered cannot be read.
    public func run() async throws {
        try await prepare()
        try await holdInterrupted()
        scheduler.starts(at: clock.now)
        let restoring = await takeUpSpool()
        defer { restoring?.cancel() }
        pump()
        for await batch in spool.committed {
            if let last = batch.last { pressure.read(upTo: SpooledDispatch.sequence(ofNumber: last.number)) }
            let delivered = pulled.offer(batch)
            if delivered.count < batch.count { scheduler.expect(expiriesOf: batch) }
            guard !delivered.isEmpty else { continue }
            scheduler.committed(delivered, at: clock.now)
            pump()
        }
    }

    /// Takes no more messages, lets attempts under way finish for this long, then cancels them.
    public func stop(within deadline: Duration) async {
        gate.withLock { $0.isStopping = true }
        pulled.waiters.close()
        timer?.task.cancel()
        watch?.cancel()
        breakers.telling?.cancel()
        // What is being recorded now is handed back, not begun.
        for task in begins.values { await task.value }
        let clock = clock
        let late = Task {
            guard (try? await clock.sleep(for: deadline)) != nil else { return }
            cancelAttempts()
        }
        for task in deliveries.values.map(\.task) { await task.value }
        // Platforms have those messages already.
        while let recording = recording ?? rewriting { await recording.value }
        breakers.writing?.cancel()
        await breakers.writing?.value
        late.cancel()
        feed.close()
    }

    private func cancelAttempts() {
        for delivery in deliveries.values { delivery.task.cancel() }
        writesNoMore = true
        recording?.cancel()
        rewriting?.cancel()
    }

    /// Does what the scheduler says, once for all that happens in this turn of the loop.
    func pumpSoon() {
        guard !pumpIsDue else { return }
        pumpIsDue = true
        _ = run {
            $0.pumpIsDue = false
            $0.pump()
        }
    }

    /// Runs a part of the exchange's work as a task whose calls of the spool come back to the same loop.
    ///
    /// A plain task would go by way of Swift's own threads at every call that is no actor's.
    func run(_ work: @escaping @Sendable (isolated Exchange) async -> Void) -> Task<Void, Never> {
        Task(executorPreference: deliveryExecutors.first) { await work(self) }
    }

    /// Does what the scheduler says until it says nothing more.
    func pump() {
        guard !gate.withLock({ $0.isStopping }) else { return }
        lookAtClock()
        while true {
            let actions = scheduler.next(at: clock.now)
            if actions.isEmpty { break }
            for action in actions { perform(action) }
        }
        arm()
    }

    private func perform(_ action: DispatchScheduler.Action) {
        switch action {
        case .load(let lanes, let limit): _ = run { await $0.load(lanes, limit: limit) }
        case .expire(let limit): _ = run { await $0.expire(upTo: limit) }
        case .begin(let dispatches):
            let number = nextBegin
            nextBegin += 1
            begins[number] = run {
                await $0.begin(dispatches)
                $0.begins[number] = nil
            }
        }
    }

    /// The attempts are recorded first; only what the spool still has waiting is tried.
    private func begin(_ taken: [SpooledDispatch]) async {
        let now = clock.now
        let dispatches = await resuming(taken.filter { expiry(of: $0) > now })
        let late = taken.filter { expiry(of: $0) <= now }
        if !late.isEmpty { await expire(late, at: now) }
        guard !dispatches.isEmpty else { return }
        let starts = dispatches.map { AttemptStart(number: $0.number, attempt: $0.attempts + 1, started: now) }
        let (begun, failed) = await record(starts)
        if gate.withLock({ $0.isStopping }) { return await handBack(starts.filter { begun.contains($0.number) }) }
        for dispatch in dispatches where begun.contains(dispatch.number) { deliver(dispatch, started: now) }
        guard begun.count < dispatches.count else { return }
        // Without a failure the spool knows better what has become of it.
        for dispatch in dispatches where !begun.contains(dispatch.number) {
            scheduler.notBegun([dispatch], retryAt: failed[dispatch.number], at: clock.now)
        }
        pump()
    }

    /// Records that attempts are about to be made.
    ///
    /// - Returns: Those that may be made, and until when those wait that could not be recorded.
    private func record(_ starts: [AttemptStart]) async -> (begun: Set<Int64>, failed: [Int64: Timestamp]) {
        do {
            let begun = try await spool.begin(starts)
            succeeded(.begin)
            return (Set(begun), [:])
        } catch {
            let results = await oneByOne(starts, after: error) { start throws(SpoolError) in
                try await spool.begin([start])
            }
            let begun = Set(results.flatMap { (try? $0.get()) ?? [] })
            let bad = zip(starts, results).compactMap { $1.failure == nil ? nil : $0.number }
            return (begun, failed(.begin, for: bad, of: starts.count, results.compactMap(\.failure).first))
        }
    }

    /// The router stops: attempts that were recorded but not made wait for its next start, which finds those that cannot
    /// be handed back unfinished.
    private func handBack(_ starts: [AttemptStart]) async {
        let settlements = starts.map { start in
            Settlement(
                number: start.number, attempt: start.attempt, started: start.started, finished: clock.now,
                outcome: .deferred(reason: "the router stopped before the attempt", due: clock.now))
        }
        do {
            try await spool.settle(settlements)
        } catch {
            logger.warning("attempts cannot be handed back", ["dispatches": starts.count, "error": error])
        }
    }

    private func deliver(_ dispatch: SpooledDispatch, started: Timestamp) {
        let mailbox = mailboxes[dispatch.recipient.platform]
        let timeout = mailbox?.limits.timeout ?? .seconds(60)
        nextExecutor = (nextExecutor + 1) % max(1, deliveryExecutors.count)
        let executor = deliveryExecutors.isEmpty ? nil : deliveryExecutors[nextExecutor]
        let task = Task(executorPreference: executor) {
            await self.attempt(dispatch, by: mailbox?.adapter, started: started)
        }
        metrics.noteStart(of: dispatch, at: started)
        deliveries[dispatch.number] = Delivery(task: task, deadline: clock.uptime + timeout)
        if watch == nil { watch = Task { await watchDeadlines() } }
    }

    /// Cancels attempts that take longer than their mailbox allows, checked every five seconds.
    private func watchDeadlines() async {
        while !deliveries.isEmpty, (try? await clock.sleep(for: .seconds(5))) != nil {
            let now = clock.uptime
            for delivery in deliveries.values where delivery.deadline <= now { delivery.task.cancel() }
        }
        watch = nil
    }

    /// Has the timer set anew, because it goes by a time that is another one now.
    func forgetTimer() {
        timer?.task.cancel()
        timer = nil
    }

    /// Sets the timer to the scheduler's next wake.
    private func arm() {
        guard let next = scheduler.nextWake, timer.map({ next < $0.time }) ?? true else { return }
        timer?.task.cancel()
        timer = (
            next,
            Task {
                guard (try? await clock.sleep(for: next - clock.now)) != nil else { return }
                timer = nil
                pump()
            }
        )
    }
}
