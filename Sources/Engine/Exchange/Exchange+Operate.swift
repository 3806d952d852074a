import AdapterKit
import Clocks
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
        let changed = try await spool.apply(action, to: filter, by: by, at: clock.now, isDryRun: isDryRun)
        guard !isDryRun, !changed.isEmpty else { return changed }
        logger.info("dispatches changed by hand", ["action": action.name, "by": by, "dispatches": changed.count])
        let recipients = Set(changed.map(\.recipient))
        pulled.waiters.tell(recipients)
        try await lookAgain(at: recipients.filter { pulled[$0.platform] == nil })
        pump()
        return changed
    }

    /// The time by the router's clock.
    public nonisolated var now: Timestamp { clock.now }

    /// A new id for a message.
    public nonisolated func makeMessageID() -> MessageID { identifiers.next() }

    /// Says whether the spool has room, as its keeper has measured.
    public nonisolated func setSpoolFull(_ reason: String?) {
        gate.withLock { $0.spoolIsFull = reason }
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
        case .release: "release"
        }
    }
}
