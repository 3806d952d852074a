import Messages
import Spooling

/// Decides which dispatch is tried when: a state machine without I/O, clock or tasks.
///
/// Events come in as method calls; ``next(at:)`` says what to do. Lanes of a mailbox take turns; a lane that cannot go
/// is in no queue and costs nothing. Of a lane whose dispatches lie in the spool alone only a few bytes are kept.
struct DispatchScheduler {
    /// What is to be done next.
    enum Action {
        /// Record these attempts, then make them.
        case begin([SpooledDispatch])
        /// Read the next dispatches of these lanes from the spool, so many of each.
        case load([LaneID], limit: Int)
        /// Look for dispatches whose time is over.
        case expire(limit: Int)
    }

    /// The most loads at once.
    static let loadLimit = 4
    /// The most lanes that one load reads.
    static let loadBatch = 16
    /// The most attempts that begin together.
    static let batchLimit = 256
    /// The most dispatches that expire together.
    static let expiryLimit = 256

    let limits: LaneMemoryLimits
    var entries: [LaneID: LaneEntry] = [:]
    private(set) var mailboxes: [String: MailboxLanes] = [:]
    private(set) var mailboxList: [MailboxLanes] = []
    /// The breakers of lanes that were not closed when the router stopped, until the lanes have something to do.
    var brokenLanes: [Address: BreakerRecord] = [:]
    var inMemory = 0
    var runningLoads = 0
    var wakes = WakeQueue<Wake>()
    /// Until when nothing is begun, and nothing is read, because the spool fails.
    var rests = (begin: Timestamp?.none, load: Timestamp?.none)
    /// When something expires, as far as is known; a look into the spool says more.
    var nextExpiry: Timestamp?
    var isExpiring = false
    /// While the lanes of the spool are being found: up to which.
    ///
    /// A lane beyond may have dispatches that are not known yet.
    private var restoredThrough: LaneID?

    enum Wake {
        case lane(LaneID)
        case mailbox(Int32)
    }

    init(limits: LaneMemoryLimits = .standard) {
        self.limits = limits
    }

    /// How many dispatches a window holds now.
    ///
    /// While few lanes are busy theirs are larger, so that a lone one is filled by commits and need not be read.
    var windowLimit: Int { max(limits.window, limits.total / 4 / max(1, entries.count)) }

    /// Whether the lane's window is empty enough to be filled from the spool; it need not be quite empty, so that reading
    /// and delivering overlap.
    func hasRoomToLoad(_ lane: Lane) -> Bool { lane.window.count <= windowLimit / 4 }

    /// When to ask again although nothing happened.
    var nextWake: Timestamp? {
        var next = wakes.next ?? .latest
        if !isExpiring, let nextExpiry { next = min(next, nextExpiry) }
        if let time = rests.begin { next = min(next, time) }
        if let time = rests.load { next = min(next, time) }
        return next == .latest ? nil : next
    }

    // MARK: Start

    /// A mailbox was set up or its limits changed.
    mutating func install(_ name: String, limits: MailboxLimits) {
        let mailbox = mailbox(name)
        mailbox.use(limits)
        for (id, entry) in entries where entry.mailbox == mailbox.index {
            entry.lane?.concurrency.maximum = limits.laneParallelism
            keep(id, entry)
        }
    }

    /// The router starts, and will say which lanes have dispatches in the spool.
    mutating func starts(at now: Timestamp) {
        restoredThrough = LaneID.none
        nextExpiry = now
    }

    /// These lanes have dispatches in the spool, and no other up to this one.
    mutating func restored(_ lanes: [LaneSummary], through last: LaneID?) {
        restoredThrough = last
        for summary in lanes {
            var entry = entry(of: summary.id, summary.recipient)
            entry.flags.insert(.hasStored)
            if summary.isReady { entry.flags.insert(.needsLoad) }
            if let due = summary.nextDue { expect(&entry, summary.id, at: due) }
            if brokenLanes[summary.recipient] != nil {
                // Not read before its probe is due: what cannot go would take the place of what can.
                _ = lane(&entry, summary.recipient)
                arm(&entry, summary.id)
            }
            keep(summary.id, entry)
        }
    }

    // MARK: Events

    /// New dispatches were committed.
    mutating func committed(_ dispatches: [SpooledDispatch], at now: Timestamp) {
        for dispatch in dispatches {
            var entry = entry(of: dispatch.lane, dispatch.recipient)
            if let restoredThrough, dispatch.lane > restoredThrough { entry.flags.insert(.hasStored) }
            if let expires = dispatch.expires { nextExpiry = min(nextExpiry ?? expires, expires) }
            if dispatch.isHeld {
                // Those of its thread must not overtake it (I3).
                entry.flags.insert(.hasStored)
            } else if admits(dispatch, to: entry, at: now) {
                let lane = lane(&entry, dispatch.recipient)
                lane.admit(dispatch)
                count(1, in: entry)
            } else {
                entry.flags.insert(.hasStored)
                if dispatch.priority > .normal { entry.flags.insert(.isUrgent) }
                if dispatch.due > now {
                    expect(&entry, dispatch.lane, at: dispatch.due)
                } else {
                    entry.flags.insert(.needsLoad)
                }
            }
            keep(dispatch.lane, entry)
        }
    }

    /// What is urgent and stands in no thread need not wait for the rest of its lane to be read.
    private func admits(_ dispatch: SpooledDispatch, to entry: LaneEntry, at now: Timestamp) -> Bool {
        guard dispatch.due <= now, inMemory < limits.total,
            mailboxList[Int(entry.mailbox)].inMemory < limits.total / 2,
            entry.lane.map({ $0.window.count < windowLimit }) ?? true
        else { return false }
        if dispatch.priority > .normal, dispatch.envelope.thread == nil { return true }
        return entry.flags.isDisjoint(with: [.hasStored, .isLoading])
    }

    /// The spool fails: until then nothing is begun.
    mutating func restBeginning(until time: Timestamp) {
        rests.begin = max(time, rests.begin ?? time)
    }

    /// The spool fails: until then nothing is read.
    mutating func restLoading(until time: Timestamp) {
        rests.load = max(time, rests.load ?? time)
    }

    /// Attempts that were to begin did not: they are left to the spool until then, or until it is read again.
    mutating func notBegun(_ dispatches: [SpooledDispatch], retryAt time: Timestamp?, at now: Timestamp) {
        for dispatch in dispatches {
            // Without a time the spool knows better what has become of it.
            giveBack(dispatch, until: time, isWritten: true)
            ended(dispatch, at: now)
        }
    }

    /// A dispatch ended without an attempt, which tells nothing of the platform.
    mutating func ended(_ dispatch: SpooledDispatch, at now: Timestamp) {
        mailboxes[dispatch.recipient.platform]?.breaker.abandoned(at: now)
        entries[dispatch.lane]?.lane?.breaker.abandoned(at: now)
        release(dispatch)
    }

    /// An attempt ended and the platform answered: the dispatch is settled, or tried again at `due` all the same.
    mutating func succeeded(
        _ dispatch: SpooledDispatch, due: Timestamp? = nil
    ) -> (lane: Breaker.Change?, mailbox: Breaker.Change?) {
        if let due { giveBack(dispatch, until: due, isWritten: false) }
        var change: Breaker.Change?
        if let lane = entries[dispatch.lane]?.lane {
            change = lane.breaker.succeeded()
            lane.concurrency.succeeded()
        }
        let mailbox = mailboxes[dispatch.recipient.platform]
        mailbox?.concurrency.succeeded()
        release(dispatch)
        return (change, mailbox?.breaker.succeeded())
    }

    /// An attempt failed and the dispatch is tried again at `due`, or never when that is `nil`; with `pausedUntil` the
    /// platform asked for a pause, which the lane or the mailbox keeps.
    mutating func failed(
        _ dispatch: SpooledDispatch, reason: String, due: Timestamp?, pausedUntil: Timestamp? = nil, at now: Timestamp
    ) -> (lane: Breaker.Change?, mailbox: Breaker.Change?) {
        let recipient = dispatch.recipient
        let mailbox = mailbox(recipient.platform)
        if let due { giveBack(dispatch, until: due, isWritten: false) }
        var entry = entry(of: dispatch.lane, recipient)
        let lane = lane(&entry, recipient)
        if let pausedUntil {
            if mailbox.limits.pausesMailbox {
                mailbox.pause(until: pausedUntil)
                arm(mailbox, at: pausedUntil)
            } else {
                lane.pausedUntil = max(pausedUntil, lane.pausedUntil ?? pausedUntil)
            }
        }
        lane.concurrency.failed()
        mailbox.concurrency.failed()
        let change = lane.breaker.failed(in: recipient, reason: reason, at: now)
        let mailboxChange = mailbox.breaker.failed(in: recipient, reason: reason, at: now)
        if case .opened(let until)? = mailboxChange {
            mailbox.concurrency.collapse()
            arm(mailbox, at: until)
        }
        arm(&entry, dispatch.lane)
        // Kept until it is released: a lane with nothing else to do is forgotten, and its failures with it.
        entries[dispatch.lane] = entry
        release(dispatch)
        return (change, mailboxChange)
    }

    /// A dispatch that was being tried is held: those of its thread behind it wait in the spool (I3).
    mutating func held(_ dispatch: SpooledDispatch) {
        giveBack(dispatch, until: nil, isWritten: false)
    }

    /// A settlement is on disk: what waits in the spool behind it may go.
    mutating func settled(_ dispatch: SpooledDispatch) {
        var entry = entry(of: dispatch.lane, dispatch.recipient)
        entry.lane?.settled(dispatch.number)
        if entry.flags.contains(.hasStored) { entry.flags.insert(.needsLoad) }
        keep(dispatch.lane, entry)
    }

    /// Tells whether dispatches of the lane lie in the spool alone.
    func hasStored(in lane: LaneID) -> Bool {
        entries[lane]?.flags.contains(.hasStored) ?? false
    }

    /// Somebody changed dispatches of this recipient's lane by hand: look into the spool anew.
    mutating func changed(_ id: LaneID, of recipient: Address) {
        var entry = entry(of: id, recipient)
        if let lane = entry.lane { count(-lane.evictAll(), in: entry) }
        entry.flags.formUnion([.hasStored, .needsLoad])
        if entry.flags.contains(.isLoading) { entry.flags.insert(.isStale) }
        keep(id, entry)
    }

    // MARK: Mailboxes

    /// Stops or goes on with a mailbox.
    mutating func setPaused(_ isPaused: Bool, mailbox name: String) {
        mailbox(name).isPaused = isPaused
    }

    /// Has the mailbox looked at then.
    mutating func wakeMailbox(_ name: String, at time: Timestamp) {
        arm(mailbox(name), at: time)
    }

    /// The mailbox of that name, which may not have been set up yet.
    mutating func mailbox(_ name: String) -> MailboxLanes {
        if let mailbox = mailboxes[name] { return mailbox }
        let mailbox = MailboxLanes(name, index: Int32(mailboxList.count), limits: MailboxLimits())
        mailboxes[name] = mailbox
        mailboxList.append(mailbox)
        return mailbox
    }
}
