import Messages

extension DispatchScheduler {
    /// How a mailbox's lanes are.
    func status(of mailbox: String, at now: Timestamp) -> OutgoingStatus {
        let own = lanes.values.filter { $0.recipient.platform == mailbox }
        let open = own.filter { $0.breaker.state != .closed }.sorted { $0.recipient < $1.recipient }.prefix(100)
        let state = mailboxes[mailbox]
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
        let lanes = mailboxes[mailbox] ?? MailboxLanes(limits: MailboxLimits())
        lanes.breaker.reopen(until: time)
        mailboxes[mailbox] = lanes
        wakeMailbox(mailbox, at: time)
    }
}
