import Messages

extension DispatchScheduler {
    /// The most lanes in trouble that are taken up at a start; of more the others begin with a closed breaker.
    private static let maximumBrokenLanes = 100_000

    /// Takes up the breaker of a mailbox that was not closed when the router stopped.
    mutating func restoreBreaker(_ record: BreakerRecord, ofMailbox name: String) {
        let lanes = mailbox(name)
        lanes.breaker = Breaker(policy: .mailbox, restoring: record)
        lanes.concurrency.collapse()
        arm(lanes, at: record.until)
    }

    /// Takes up the breaker of a lane that was not closed when the router stopped; the lane gets it when there is something
    /// for it to do.
    mutating func restoreBreaker(_ record: BreakerRecord, ofLane recipient: Address) {
        guard brokenLanes.count < Self.maximumBrokenLanes else { return }
        brokenLanes[recipient] = record
    }

    /// Closes the breakers of a mailbox and of its lanes, or that of one lane alone, and ends the pauses their platform
    /// asked for.
    ///
    /// - Returns: The mailbox, and the recipients, whose breakers were not closed.
    mutating func reset(_ name: String, only recipient: Address? = nil) -> [String] {
        guard let mailbox = mailboxes[name] else { return [] }
        var closed: [String] = []
        if recipient == nil {
            if mailbox.breaker.succeeded() != nil { closed.append(name) }
            mailbox.pausedUntil = nil
        }
        func isMeant(_ lane: Address) -> Bool { recipient.map { $0 == lane } ?? (lane.platform == name) }
        for lane in brokenLanes.keys where isMeant(lane) {
            brokenLanes[lane] = nil
            closed.append(lane.description)
        }
        for (id, entry) in entries where entry.mailbox == mailbox.index {
            guard let lane = entry.lane, isMeant(lane.recipient) else { continue }
            if lane.breaker.succeeded() != nil { closed.append(lane.recipient.description) }
            lane.pausedUntil = nil
            keep(id, entry)
        }
        return closed
    }
}
