import AdapterKit
import Clocks
import Configuration
import Logging
public import Messages
public import Spooling
import Synchronization

extension Exchange {
    /// Applies an operator's action to dispatches and looks at their lanes anew.
    ///
    /// - Throws: ``SpoolError``
    public func apply(
        _ action: DispatchAction, to filter: DispatchFilter, by: String, isDryRun: Bool
    ) async throws(SpoolError) -> [DispatchSummary] {
        let changed: [DispatchSummary]
        do {
            changed = try await spool.apply(action, to: filter, by: by, at: clock.now, isDryRun: isDryRun)
        } catch {
            // Some of them may be changed all the same, and nobody knows which.
            if !isDryRun { lookAtLanes() }
            throw error
        }
        guard !isDryRun, !changed.isEmpty else { return changed }
        logger.info("dispatches changed by hand", ["action": action.name, "by": by, "dispatches": changed.count])
        for dispatch in changed { tell(of: dispatch, action, by: by) }
        // The lane that a rerouted dispatch has left finds that out by itself.
        let recipients = Set(changed.map(\.recipient))
        pulled.waiters.tell(recipients)
        do {
            try await lookAgain(
                at: recipients.filter { pulled[$0.platform] == nil }, isProbe: action == .retry)
        } catch {
            lookAtLanes()
        }
        pump()
        return changed
    }

    private func tell(of dispatch: DispatchSummary, _ action: DispatchAction, by: String) {
        let target = ExchangeEvent.Target(
            dispatch: dispatch.number, recipient: dispatch.recipient, attempt: dispatch.attempts)
        feed.tell(.operated(target, action: action.name, by: by), of: ExchangeEvent.Subject(dispatch), at: clock.now)
    }

    /// Checks that dispatches can be sent to an address.
    ///
    /// - Throws: ``ExchangeError`` with the nearest mailbox's name.
    public nonisolated func checkRecipient(_ address: Address) throws(ExchangeError) {
        let mailboxes = routing.withLock { $0.mailboxes }
        if let peer = address.peers.first {
            throw .noRecipient(address: address.description, reason: "no peer is named \"\(peer)\"", nearest: nil)
        }
        guard let canSend = mailboxes[address.platform] else {
            let near = nearest(to: address.platform, among: mailboxes.filter(\.value).keys.sorted())
            throw .noRecipient(
                address: address.description, reason: "no mailbox is named \"\(address.platform)\"", nearest: near)
        }
        guard canSend else {
            throw .noRecipient(
                address: address.description, reason: "the mailbox \"\(address.platform)\" only receives", nearest: nil)
        }
    }

    /// The time by the router's clock.
    public nonisolated var now: Timestamp { clock.now }

    /// A new id for a message.
    public nonisolated func makeMessageID() -> MessageID { identifiers.next() }

    /// Says whether the spool has room, as its keeper has measured.
    public nonisolated func setSpoolFull(_ reason: String?) {
        gate.withLock { $0.spoolIsFull = reason }
    }

    /// How much is on its way between senders and lanes.
    public nonisolated var pressureStatus: PressureStatus {
        let (messages, waiting, unread) = pressure.underWay
        return PressureStatus(underWay: messages, waiting: waiting, unread: Int(unread))
    }

    /// Finds out whether the disk keeps messages again, should it not have kept the last one.
    ///
    /// - Throws: ``SpoolError`` other than that the disk is still full or broken.
    nonisolated func probeRoom() async throws(SpoolError) {
        guard gate.withLock({ $0.lastCommitFailure }) != nil else { return }
        do {
            try await spool.setStates([StateEntry(key: "probe", value: Array("room".utf8))], mailbox: Self.stateScope)
            gate.withLock { $0.lastCommitFailure = nil }
            logger.info("disk keeps messages again")
        } catch .full {
            return
        } catch .disk {
            return
        }
    }

    /// Tells whether messages are taken: `nil`, or the reason why not.
    public nonisolated var refusal: String? {
        gate.withLock { gate in
            if gate.isStopping { return "the router is stopping" }
            return gate.spoolIsFull ?? gate.lastCommitFailure
        }
    }
}

extension DispatchAction {
    /// The action's name in the command line.
    public var name: String {
        switch self {
        case .retry: "retry"
        case .drop: "drop"
        case .hold: "hold"
        case .release, .releaseAsItIs: "release"
        case .reroute: "reroute"
        }
    }
}

/// How much is on its way between senders and lanes; each number is bounded.
public struct PressureStatus: Sendable, Hashable {
    /// Messages that wait for the disk.
    public let underWay: Int
    /// Senders that wait until less is under way.
    public let waiting: Int
    /// Messages on the disk that their lanes have not heard of.
    public let unread: Int
}
