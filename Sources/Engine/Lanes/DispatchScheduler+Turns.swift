import Messages
import Spooling

extension DispatchScheduler {
    /// What is to be done now; asked again until it says nothing.
    mutating func next(at now: Timestamp) -> [Action] {
        wake(at: now)
        endRests(at: now)
        var actions: [Action] = []
        var starts: [SpooledDispatch] = []
        for mailbox in mailboxList {
            while rests.begin == nil, starts.count < Self.batchLimit, let dispatch = start(mailbox, at: now) {
                starts.append(dispatch)
            }
            while rests.load == nil, let load = load(mailbox, at: now) { actions.append(load) }
        }
        if !starts.isEmpty { actions.append(.begin(starts)) }
        if let time = nextExpiry, time <= now, !isExpiring {
            isExpiring = true
            nextExpiry = nil
            actions.append(.expire(limit: Self.expiryLimit))
        }
        return actions
    }

    private mutating func endRests(at now: Timestamp) {
        if let time = rests.begin, time <= now { rests.begin = nil }
        if let time = rests.load, time <= now { rests.load = nil }
    }

    private mutating func wake(at now: Timestamp) {
        while let (time, wake) = wakes.popDue(at: now) {
            switch wake {
            case .lane(let id):
                // An entry that was made before an earlier one is void.
                guard var entry = entries[id], entry.wake == time else { continue }
                entry.wake = nil
                look(&entry, id, at: now)
                keep(id, entry)
            case .mailbox(let index):
                look(mailboxList[Int(index)], wokenAt: time, at: now)
            }
        }
    }

    private mutating func look(_ mailbox: MailboxLanes, wokenAt time: Timestamp, at now: Timestamp) {
        guard mailbox.wake == time else { return }
        mailbox.wake = nil
        if let time = mailbox.pausedUntil, time <= now { mailbox.pausedUntil = nil }
        if let time = [mailbox.pausedUntil, mailbox.breaker.nextProbe].compactMap({ $0 }).max(), time > now {
            arm(mailbox, at: time)
        }
    }

    private mutating func look(_ entry: inout LaneEntry, _ id: LaneID, at now: Timestamp) {
        if let due = entry.nextDue, due <= now {
            entry.nextDue = nil
            entry.flags.insert(.needsLoad)
        }
        if let lane = entry.lane {
            if let time = lane.pausedUntil, time <= now { lane.pausedUntil = nil }
            if let time = lane.rate?.fullAgain(at: now) {
                if lane.window.isEmpty, lane.active.isEmpty { arm(&entry, id, at: time) }
            } else {
                lane.rate = nil
            }
        }
        if let due = entry.nextDue { arm(&entry, id, at: due) }
        if let time = entry.lane?.nextTry, time > now { arm(&entry, id, at: time) }
    }

    /// The mailbox's next dispatch to be tried; `nil` when there is none now.
    ///
    /// A lane that cannot go leaves the queue, and comes back when what keeps it is over.
    private mutating func start(_ mailbox: MailboxLanes, at now: Timestamp) -> SpooledDispatch? {
        while mailbox.canStart(at: now), let id = mailbox.turns.popFirst() {
            guard var entry = entries[id] else { continue }
            entry.flags.remove(.isQueued)
            guard let lane = entry.lane, lane.canStart(at: now) else {
                leave(&entry, id, at: now)
                continue
            }
            if let time = waitForLaneRate(lane, mailbox, at: now) {
                arm(&entry, id, at: time)
                entries[id] = entry
                continue
            }
            if let time = mailbox.takeToken(at: now) {
                arm(mailbox, at: time)
                keep(id, entry)
                return nil
            }
            if mailbox.limits.laneRate != nil {
                _ = lane.rate?.take(at: now)
                if let time = lane.rate?.fullAgain(at: now) { arm(&entry, id, at: time) }
            }
            guard let dispatch = lane.start() else {
                leave(&entry, id, at: now)
                continue
            }
            count(-1, in: entry)
            mailbox.active += 1
            mailbox.breaker.attempted()
            keep(id, entry)
            return dispatch
        }
        return nil
    }

    /// When the lane's rate lets it go; `nil` for now.
    private func waitForLaneRate(_ lane: Lane, _ mailbox: MailboxLanes, at now: Timestamp) -> Timestamp? {
        guard let limit = mailbox.limits.laneRate else { return nil }
        if lane.rate == nil { lane.rate = limit }
        return lane.rate?.next(at: now)
    }

    /// The lane cannot go now; when a time is to blame it is looked at then, otherwise an event brings it back.
    private mutating func leave(_ entry: inout LaneEntry, _ id: LaneID, at now: Timestamp) {
        if let time = entry.lane?.nextTry, time > now { arm(&entry, id, at: time) }
        if let lane = entry.lane, lane.isIdle(hasStored: entry.flags.contains(.hasStored)) { entry.lane = nil }
        entries[id] = entry.isIdle ? nil : entry
    }

    // MARK: Loads

    /// The mailbox's lanes that are read next; `nil` when there are none now.
    private mutating func load(_ mailbox: MailboxLanes, at now: Timestamp) -> Action? {
        guard runningLoads < Self.loadLimit, mailbox.hasLoads, mailbox.mayTry(at: now) else { return nil }
        // Each has its share, so that a slow mailbox with a backlog does not keep the others from theirs.
        let busy = mailboxList.count { $0.hasLoads || $0.inMemory > 0 }
        let share = max(limits.window, limits.loaded / max(1, busy))
        let limit = mailbox.loads.count > Self.loadBatch ? max(1, limits.window / 4) : windowLimit
        var chosen: [LaneID] = []
        while chosen.count < Self.loadBatch, mailbox.inMemory + mailbox.reserved < share,
            let id = mailbox.urgentLoads.popFirst() ?? mailbox.loads.popFirst()
        {
            guard var entry = entries[id] else { continue }
            entry.flags.remove(.isLoadQueued)
            if isToBeRead(entry, at: now) {
                entry.flags.remove([.needsLoad, .isUrgent])
                entry.flags.insert(.isLoading)
                entries[id] = entry
                mailbox.reserved += limit
                chosen.append(id)
            } else {
                leave(&entry, id, at: now)
            }
        }
        guard !chosen.isEmpty else { return nil }
        runningLoads += 1
        return .load(chosen, limit: limit)
    }

    private func isToBeRead(_ entry: LaneEntry, at now: Timestamp) -> Bool {
        guard entry.flags.contains(.needsLoad), !entry.flags.contains(.isLoading) else { return false }
        return entry.lane.map { hasRoomToLoad($0) && $0.mayTry(at: now) } ?? true
    }

    /// Lanes were read; those that could not be are read again at `retryAt`.
    mutating func loaded(
        _ lanes: [LaneID], _ loads: [LaneLoad?], limit: Int, retryAt: Timestamp? = nil, at now: Timestamp
    ) {
        ended(lanes, limit: limit)
        for (id, load) in zip(lanes, loads) {
            if let load { loaded(id, load, limit: limit, at: now) } else { notLoaded(id, retryAt: retryAt ?? now) }
        }
    }

    private mutating func loaded(_ id: LaneID, _ load: LaneLoad, limit: Int, at now: Timestamp) {
        guard var entry = entries[id] else { return }
        let isStale = entry.flags.contains(.isStale)
        entry.flags.subtract([.isLoading, .isStale])
        if isStale {
            entry.flags.insert(.needsLoad)
            return keep(id, entry)
        }
        if let recipient = load.dispatches.first?.recipient {
            count(lane(&entry, recipient).fill(load.dispatches), in: entry)
        }
        // What was committed while the spool was read has set `needsLoad` again and is found the next time.
        let isMissed = entry.flags.contains(.needsLoad)
        if load.dispatches.count >= limit { entry.flags.insert(.needsLoad) }
        let isSettling = entry.lane?.isSettling ?? false
        if !load.hasMore, !isMissed, !isSettling, load.dispatches.count < limit { entry.flags.remove(.hasStored) }
        // What is not settled in the spool yet has told its time already, and the spool does not know it.
        if !isSettling, !isMissed { entry.nextDue = nil }
        if let due = load.nextDue { expect(&entry, id, at: due) }
        keep(id, entry)
    }

    private mutating func ended(_ lanes: [LaneID], limit: Int) {
        runningLoads -= 1
        for entry in lanes.compactMap({ entries[$0] }) { mailboxList[Int(entry.mailbox)].reserved -= limit }
    }

    private mutating func notLoaded(_ id: LaneID, retryAt time: Timestamp) {
        guard var entry = entries[id] else { return }
        entry.flags.subtract([.isLoading, .isStale])
        expect(&entry, id, at: time)
        keep(id, entry)
    }

    // MARK: Expiry

    /// Takes a dispatch whose time is over from the lanes; `false` when it is being tried, and ends by itself.
    mutating func expires(_ dispatch: SpooledDispatch) -> Bool {
        guard let entry = entries[dispatch.lane], let lane = entry.lane else { return true }
        guard lane.active[dispatch.number] == nil else { return false }
        if lane.remove(dispatch.number) { count(-1, in: entry) }
        return true
    }

    /// These dispatches are for programs to take, and expire like any others.
    mutating func expect(expiriesOf dispatches: [SpooledDispatch]) {
        guard let first = dispatches.compactMap(\.expires).min() else { return }
        nextExpiry = min(nextExpiry ?? first, first)
    }

    /// What had expired is settled; the next look is due then.
    mutating func expired(nextAt time: Timestamp?) {
        isExpiring = false
        if let time { nextExpiry = min(nextExpiry ?? time, time) }
    }
}
