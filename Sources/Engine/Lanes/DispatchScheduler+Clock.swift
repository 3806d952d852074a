import Messages

extension DispatchScheduler {
    /// The clock was set back: pauses, breakers and rates end when they would have.
    mutating func clockWasSetBack(by jump: Duration) {
        rests.begin = rests.begin.map { $0 - jump }
        rests.load = rests.load.map { $0 - jump }
        for mailbox in mailboxList {
            mailbox.clockWasSetBack(by: jump)
            if let time = [mailbox.pausedUntil, mailbox.breaker.nextProbe].compactMap({ $0 }).max() {
                arm(mailbox, at: time)
            }
        }
        for (recipient, record) in brokenLanes { brokenLanes[recipient]?.until = record.until - jump }
        for (id, entry) in entries {
            guard let lane = entry.lane else { continue }
            var entry = entry
            lane.clockWasSetBack(by: jump)
            arm(&entry, id)
            keep(id, entry)
        }
    }

    /// Dispatches in the spool have other times now: whatever waits for one is read again.
    mutating func timesHaveChanged() {
        for (id, entry) in entries where entry.nextDue != nil {
            var entry = entry
            entry.nextDue = nil
            entry.flags.insert(.needsLoad)
            keep(id, entry)
        }
    }
}
