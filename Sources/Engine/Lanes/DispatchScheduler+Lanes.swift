import Messages
import Spooling

extension DispatchScheduler {
    /// What is known of the lane, or a new entry for it.
    mutating func entry(of id: LaneID, _ recipient: Address) -> LaneEntry {
        entries[id] ?? LaneEntry(mailbox: mailbox(recipient.platform).index)
    }

    /// What the lane has in memory, made when it has nothing.
    mutating func lane(_ entry: inout LaneEntry, _ recipient: Address) -> Lane {
        if let lane = entry.lane { return lane }
        let lane = Lane(
            recipient: recipient, parallelism: mailboxList[Int(entry.mailbox)].limits.laneParallelism)
        if !brokenLanes.isEmpty, let record = brokenLanes.removeValue(forKey: recipient) {
            lane.breaker = Breaker(policy: .lane, restoring: record)
        }
        entry.lane = lane
        return lane
    }

    /// Counts dispatches in or out of the lane's window.
    mutating func count(_ change: Int, in entry: LaneEntry) {
        inMemory += change
        mailboxList[Int(entry.mailbox)].inMemory += change
    }

    /// Frees the place of a dispatch that was being tried.
    mutating func release(_ dispatch: SpooledDispatch) {
        mailboxes[dispatch.recipient.platform]?.active -= 1
        guard let entry = entries[dispatch.lane] else { return }
        entry.lane?.finish(dispatch.number)
        keep(dispatch.lane, entry)
    }

    /// Leaves a dispatch and those of its thread behind it to the spool, until then or until it is read again.
    mutating func giveBack(_ dispatch: SpooledDispatch, until time: Timestamp?, isWritten: Bool) {
        var entry = entry(of: dispatch.lane, dispatch.recipient)
        let lane = lane(&entry, dispatch.recipient)
        count(-lane.giveBack(dispatch, isWritten: isWritten), in: entry)
        entry.flags.insert(.hasStored)
        if entry.flags.contains(.isLoading) { entry.flags.insert(.isStale) }
        if let time {
            expect(&entry, dispatch.lane, at: time)
        } else {
            entry.flags.insert(.needsLoad)
        }
        keep(dispatch.lane, entry)
    }

    /// Notes that something in the spool becomes due then.
    mutating func expect(_ entry: inout LaneEntry, _ id: LaneID, at time: Timestamp) {
        entry.flags.insert(.hasStored)
        entry.nextDue = min(entry.nextDue ?? time, time)
        arm(&entry, id)
    }

    /// Has the lane looked at when its next time comes.
    mutating func arm(_ entry: inout LaneEntry, _ id: LaneID) {
        guard let time = [entry.nextDue, entry.lane?.nextTry].compactMap({ $0 }).min() else { return }
        arm(&entry, id, at: time)
    }

    /// Has the lane looked at then, unless it is looked at before.
    mutating func arm(_ entry: inout LaneEntry, _ id: LaneID, at time: Timestamp) {
        guard entry.wake.map({ time < $0 }) ?? true else { return }
        entry.wake = time
        wakes.insert(.lane(id), at: time)
    }

    /// Has the mailbox looked at then, unless it is looked at before.
    mutating func arm(_ mailbox: MailboxLanes, at time: Timestamp) {
        guard mailbox.wake.map({ time < $0 }) ?? true else { return }
        mailbox.wake = time
        wakes.insert(.mailbox(mailbox.index), at: time)
    }

    /// Puts the lane into the queues that it belongs to, and forgets what it need not have.
    mutating func keep(_ id: LaneID, _ entry: LaneEntry) {
        var entry = entry
        let mailbox = mailboxList[Int(entry.mailbox)]
        if let lane = entry.lane {
            if !lane.window.isEmpty, !entry.flags.contains(.isQueued), lane.concurrency.allows(lane.active.count) {
                entry.flags.insert(.isQueued)
                let hasStored = entry.flags.contains(.hasStored)
                mailbox.turns.append(id, lane.isUrgent ? .urgent : hasStored ? .backlog : .fresh)
            }
            if lane.isIdle(hasStored: entry.flags.contains(.hasStored)) { entry.lane = nil }
        }
        if entry.flags.contains(.needsLoad), entry.flags.isDisjoint(with: [.isLoading, .isLoadQueued]),
            entry.lane.map(hasRoomToLoad) ?? true
        {
            entry.flags.insert(.isLoadQueued)
            if entry.flags.contains(.isUrgent) { mailbox.urgentLoads.append(id) } else { mailbox.loads.append(id) }
        }
        entries[id] = entry.isIdle ? nil : entry
    }
}
