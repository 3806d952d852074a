import Messages

extension DispatchScheduler {
    /// How a mailbox's lanes are.
    func status(of mailbox: String, at now: Timestamp) -> OutgoingStatus {
        let state = mailboxes[mailbox]
        let own = entries.values.filter { $0.mailbox == state?.index }
        let inTrouble = own.compactMap(\.lane).filter { $0.breaker.state != .closed }
        let open = inTrouble.sorted { $0.recipient < $1.recipient }.prefix(100)
        return OutgoingStatus(
            isPaused: state?.isPaused ?? false, active: state?.active ?? 0, lanes: own.count,
            breakerReason: state?.breaker.reason, nextProbe: state?.breaker.nextProbe?.description,
            openLanes: open.map {
                OutgoingStatus.OpenLane(
                    recipient: $0.recipient.description, reason: $0.breaker.reason ?? "",
                    nextProbe: $0.breaker.nextProbe?.description)
            })
    }

    /// Takes up a breaker that was open when the router stopped.
    mutating func reopenBreaker(of mailbox: String, until time: Timestamp) {
        let lanes = self.mailbox(mailbox)
        lanes.breaker.reopen(until: time)
        lanes.concurrency.collapse()
        arm(lanes, at: time)
    }
}
