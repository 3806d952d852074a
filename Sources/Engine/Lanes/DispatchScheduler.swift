import Messages
import Spooling

/// Decides which dispatch is tried when: a state machine without I/O, clock or tasks.
///
/// Events come in as method calls; ``next(at:)`` says what to do. Lanes of a mailbox take turns; a lane that cannot go
/// holds up no other.
struct DispatchScheduler {
    /// What is to be done next.
    enum Action {
        /// Record these attempts, then make them.
        case begin([SpooledDispatch])
        /// Read the lane's next dispatches from the spool.
        case load(lane: Address, limit: Int)
    }

    /// The most dispatches in all windows together.
    static let memoryLimit = 4_096
    /// The most lanes that are read at once.
    static let loadLimit = 4
    /// The most attempts that begin together.
    static let batchLimit = 256

    private(set) var lanes: [Address: Lane] = [:]
    var mailboxes: [String: MailboxLanes] = [:]
    private var inMemory = 0
    private var loads = 0
    private var wakes = WakeQueue<Wake>()

    private enum Wake {
        case lane(Address)
        case mailbox(String)
    }

    /// When to ask again although nothing happened.
    var nextWake: Timestamp? { wakes.next }

    // MARK: Events

    /// A mailbox was set up or its limits changed.
    mutating func install(_ name: String, limits: MailboxLimits) {
        if mailboxes[name] == nil { mailboxes[name] = MailboxLanes(limits: limits) }
        mailboxes[name]?.limits = limits
    }

    /// The router has started: these lanes have dispatches in the spool.
    mutating func restored(_ recipients: some Sequence<Address>) {
        for recipient in recipients {
            let lane = lane(recipient)
            lane.hasStored = true
            lane.needsLoad = true
            keep(lane)
        }
    }

    /// New dispatches were committed.
    mutating func committed(_ dispatches: [SpooledDispatch], at now: Timestamp) {
        for dispatch in dispatches {
            let lane = lane(dispatch.recipient)
            if lane.admit(dispatch, at: now, hasRoom: inMemory < Self.memoryLimit) {
                inMemory += 1
            } else {
                lane.hasStored = true
                if dispatch.due > now {
                    if lane.expect(at: dispatch.due) { wakes.insert(.lane(lane.recipient), at: dispatch.due) }
                } else {
                    lane.needsLoad = true
                }
            }
            keep(lane)
        }
    }

    /// A lane was read.
    mutating func loaded(_ recipient: Address, _ load: LaneLoad, limit: Int, at now: Timestamp) {
        loads -= 1
        guard let lane = lanes[recipient] else { return }
        lane.isLoading = false
        inMemory += lane.fill(load.dispatches)
        // What was committed while the spool was read has set `needsLoad` again and is found the next time.
        let missed = lane.needsLoad
        lane.needsLoad = missed || load.dispatches.count >= limit
        lane.hasStored = missed || load.hasMore || lane.needsLoad
        lane.nextDue = nil
        if let due = load.nextDue, lane.expect(at: due) { wakes.insert(.lane(recipient), at: due) }
        keep(lane)
    }

    /// A lane could not be read: try again then.
    mutating func loadFailed(_ recipient: Address, retryAt time: Timestamp) {
        loads -= 1
        guard let lane = lanes[recipient] else { return }
        lane.isLoading = false
        if lane.expect(at: time) { wakes.insert(.lane(recipient), at: time) }
        keep(lane)
    }

    /// Attempts that were to begin did not: they are left to the spool until then, or until it is read again.
    mutating func notBegun(_ dispatches: [SpooledDispatch], retryAt time: Timestamp?, at now: Timestamp) {
        for dispatch in dispatches {
            if let time {
                postpone(dispatch, until: time)
            } else {
                // The spool knows better what has become of them.
                update(dispatch.recipient) { lane in
                    lane.hasStored = true
                    lane.needsLoad = true
                }
            }
            ended(dispatch, at: now)
        }
    }

    /// A dispatch ended without an attempt, which tells nothing of the platform.
    mutating func ended(_ dispatch: SpooledDispatch, at now: Timestamp) {
        mailboxes[dispatch.recipient.platform]?.breaker.abandoned(at: now)
        lanes[dispatch.recipient]?.breaker.abandoned(at: now)
        release(dispatch)
    }

    /// An attempt ended and the dispatch is settled: the platform answered.
    mutating func succeeded(_ dispatch: SpooledDispatch) -> (lane: Breaker.Change?, mailbox: Breaker.Change?) {
        release(dispatch)
        var change: Breaker.Change?
        update(dispatch.recipient) { lane in change = lane.breaker.succeeded() }
        return (change, mailboxes[dispatch.recipient.platform]?.breaker.succeeded())
    }

    /// An attempt failed and the dispatch is tried again at `due`, or never when that is `nil`; with `pausedUntil` the
    /// platform asked for a pause, which the whole lane keeps.
    mutating func failed(
        _ dispatch: SpooledDispatch, reason: String, due: Timestamp?, pausedUntil: Timestamp? = nil, at now: Timestamp
    ) -> (lane: Breaker.Change?, mailbox: Breaker.Change?) {
        let recipient = dispatch.recipient
        if let due { postpone(dispatch, until: due) }
        if let pausedUntil {
            update(recipient) { lane in lane.pausedUntil = pausedUntil }
            wakes.insert(.lane(recipient), at: pausedUntil)
        }
        var change: Breaker.Change?
        update(recipient) { lane in change = lane.breaker.failed(in: recipient, reason: reason, at: now) }
        let mailbox = mailboxes[recipient.platform]?.breaker.failed(in: recipient, reason: reason, at: now)
        // Last, for a lane with nothing else to do is forgotten, and its failures with it.
        release(dispatch)
        if case .opened(let until)? = change { wakes.insert(.lane(recipient), at: until) }
        if case .opened(let until)? = mailbox { wakes.insert(.mailbox(recipient.platform), at: until) }
        return (change, mailbox)
    }

    /// A settlement is on disk: what waits in the spool behind it may go.
    mutating func settled(in recipient: Address) {
        guard lanes[recipient]?.hasStored == true else { return }
        update(recipient) { lane in lane.needsLoad = true }
    }

    /// Tells whether dispatches of the lane lie in the spool alone.
    func hasStored(in recipient: Address) -> Bool {
        lanes[recipient]?.hasStored ?? false
    }

    /// Somebody changed dispatches of these lanes by hand: look into the spool anew.
    mutating func changed(_ recipients: some Sequence<Address>) {
        for recipient in recipients {
            let lane = lane(recipient)
            inMemory -= lane.evictAll()
            lane.hasStored = true
            lane.needsLoad = true
            keep(lane)
        }
    }

    /// Stops or goes on with a mailbox.
    mutating func setPaused(_ isPaused: Bool, mailbox: String) {
        let lanes = mailboxes[mailbox] ?? MailboxLanes(limits: MailboxLimits())
        lanes.isPaused = isPaused
        mailboxes[mailbox] = lanes
    }

    /// Has the mailbox looked at then.
    mutating func wakeMailbox(_ name: String, at time: Timestamp) {
        wakes.insert(.mailbox(name), at: time)
    }

    /// Closes the breakers of a mailbox and of its lanes.
    mutating func reset(_ mailbox: String) {
        _ = mailboxes[mailbox]?.breaker.succeeded()
        for recipient in lanes.keys where recipient.platform == mailbox {
            update(recipient) { lane in _ = lane.breaker.succeeded() }
        }
    }

    // MARK: Decisions

    /// What is to be done now; asked again until it says nothing.
    mutating func next(at now: Timestamp) -> [Action] {
        wake(at: now)
        var actions: [Action] = []
        var starts: [SpooledDispatch] = []
        for name in mailboxes.keys {
            pump(name, at: now, starts: &starts, actions: &actions)
        }
        if !starts.isEmpty { actions.append(.begin(starts)) }
        return actions
    }

    private mutating func wake(at now: Timestamp) {
        while let wake = wakes.popDue(at: now) {
            guard case .lane(let recipient) = wake, lanes[recipient] != nil else { continue }
            update(recipient) { lane in
                if let pausedUntil = lane.pausedUntil, pausedUntil <= now { lane.pausedUntil = nil }
                guard let due = lane.nextDue, due <= now else { return }
                lane.nextDue = nil
                lane.needsLoad = true
            }
        }
    }

    private mutating func pump(
        _ name: String, at now: Timestamp, starts: inout [SpooledDispatch], actions: inout [Action]
    ) {
        guard let mailbox = mailboxes[name] else { return }
        var turns = mailbox.queue.count
        while turns > 0, starts.count < Self.batchLimit, mailbox.canStart(at: now), let recipient = mailbox.dequeue() {
            turns -= 1
            guard let lane = lanes[recipient] else { continue }
            lane.isQueued = false
            if lane.canStart(parallelism: mailbox.limits.laneParallelism, at: now) {
                if let time = mailbox.limits.rate?.take(at: now) {
                    wakes.insert(.mailbox(name), at: time)
                    lane.isQueued = true
                    mailbox.enqueue(recipient)
                    break
                }
                if let dispatch = lane.start() {
                    inMemory -= 1
                    mailbox.active += 1
                    mailbox.breaker.attempted()
                    starts.append(dispatch)
                    turns += 1
                }
            } else if let limit = loadLimit(for: lane, at: now) {
                lane.isLoading = true
                lane.needsLoad = false
                loads += 1
                actions.append(.load(lane: recipient, limit: limit))
            }
            if wantsTurn(lane, mailbox.limits.laneParallelism, at: now) {
                lane.isQueued = true
                mailbox.enqueue(recipient)
            }
        }
    }

    /// How many dispatches to read for the lane; `nil` when it is not to be read now.
    private func loadLimit(for lane: Lane, at now: Timestamp) -> Int? {
        guard lane.needsLoad, !lane.isLoading, lane.hasRoomToLoad, loads < Self.loadLimit, inMemory < Self.memoryLimit,
            lane.mayTry(at: now)
        else { return nil }
        return Lane.windowLimit
    }

    private func wantsTurn(_ lane: Lane, _ parallelism: Int, at now: Timestamp) -> Bool {
        lane.canStart(parallelism: parallelism, at: now)
            || (lane.needsLoad && !lane.isLoading && lane.hasRoomToLoad && lane.mayTry(at: now))
    }

    // MARK: Bookkeeping

    private mutating func release(_ dispatch: SpooledDispatch) {
        mailboxes[dispatch.recipient.platform]?.active -= 1
        update(dispatch.recipient) { lane in lane.finish(dispatch.number) }
    }

    private mutating func postpone(_ dispatch: SpooledDispatch, until time: Timestamp) {
        let lane = lane(dispatch.recipient)
        if let thread = dispatch.envelope.thread { inMemory -= lane.evict(thread: thread) }
        if lane.expect(at: time) { wakes.insert(.lane(lane.recipient), at: time) }
        keep(lane)
    }

    private mutating func update(_ recipient: Address, _ change: (Lane) -> Void) {
        let lane = lane(recipient)
        change(lane)
        keep(lane)
    }

    private mutating func lane(_ recipient: Address) -> Lane {
        if let lane = lanes[recipient] { return lane }
        let lane = Lane(recipient: recipient)
        lanes[recipient] = lane
        return lane
    }

    /// Queues the lane when it has something to do, and forgets it when it is idle.
    private mutating func keep(_ lane: Lane) {
        if !lane.isQueued, !lane.window.isEmpty || (lane.needsLoad && !lane.isLoading) {
            lane.isQueued = true
            let name = lane.recipient.platform
            let mailbox = mailboxes[name] ?? MailboxLanes(limits: MailboxLimits())
            mailboxes[name] = mailbox
            mailbox.enqueue(lane.recipient)
        }
        if lane.isIdle, !lane.isQueued { lanes[lane.recipient] = nil }
    }
}
