import Messages

extension DispatchScheduler {
    /// The most lanes in trouble that a status names.
    private static let maximumNamed = 100

    /// How a mailbox's lanes are.
    func status(of mailbox: String, at now: Timestamp) -> OutgoingStatus {
        let state = mailboxes[mailbox]
        let own = entries.values.filter { $0.mailbox == state?.index }
        var open = brokenLanes.filter { $0.key.platform == mailbox }.mapValues {
            Breaker(policy: .lane, restoring: $0).status
        }
        for lane in own.compactMap(\.lane) where lane.breaker.state != .closed {
            open[lane.recipient] = lane.breaker.status
        }
        return OutgoingStatus(
            isPaused: state?.isPaused ?? false, active: state?.active ?? 0, lanes: own.count,
            breaker: state?.breaker.status ?? BreakerStatus(word: .closed), openLaneCount: open.count,
            openLanes: open.sorted { $0.key < $1.key }.prefix(Self.maximumNamed).map {
                OutgoingStatus.OpenLane(recipient: $0.key.description, breaker: $0.value)
            })
    }
}

extension Breaker {
    /// How it is.
    var status: BreakerStatus {
        switch state {
        case .closed: BreakerStatus(word: .closed)
        case .open(let until): BreakerStatus(word: .open, reason: reason, since: since, nextProbe: until)
        case .halfOpen: BreakerStatus(word: .halfOpen, reason: reason, since: since)
        }
    }
}
