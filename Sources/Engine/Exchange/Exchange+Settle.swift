import Clocks
import Logging
import Messages
import Spooling

/// A settlement on its way to the disk.
struct PendingSettlement: Sendable {
    let settlement: Settlement
    let dispatch: SpooledDispatch
    /// Whether something of the lane waits in the spool behind it.
    let looksAgain: Bool
}

extension Exchange {
    /// Has a settlement recorded, together with all others that come while the last ones are on their way to the disk.
    func record(_ pending: PendingSettlement) {
        settling.append(pending)
        guard recording == nil else { return }
        recording = Task(executorPreference: deliveryExecutors.first) { await self.recordAll() }
    }

    private func recordAll() async {
        while !settling.isEmpty {
            let batch = settling
            settling = []
            await settle(batch)
            let again = batch.filter(\.looksAgain)
            for pending in again { scheduler.settled(pending.dispatch) }
            if !again.isEmpty { pumpSoon() }
        }
        recording = nil
    }

    /// Those that cannot be written together are written one by one, so that none has to wait for another for ever.
    private nonisolated func settle(_ batch: [PendingSettlement]) async {
        do {
            try await spool.settle(batch.map(\.settlement))
            for pending in batch { tell(of: pending.settlement, pending.dispatch) }
        } catch {
            for pending in batch { await settle(pending.settlement, of: pending.dispatch) }
        }
    }

    /// A settlement that cannot be written is kept and tried again: the platform has the message already.
    nonisolated func settle(_ settlement: Settlement, of dispatch: SpooledDispatch) async {
        var pause = Duration.milliseconds(100)
        while true {
            do {
                try await spool.settle(settlement)
                return tell(of: settlement, dispatch)
            } catch .closed {
                return
            } catch {
                logger.error(
                    "receipt cannot be recorded yet", ["message": dispatch.envelope.id, "error": "\(error)"])
                pause = min(pause * 2, .seconds(5))
                guard (try? await clock.sleep(for: pause)) != nil else { return }
            }
        }
    }

    private nonisolated func tell(of settlement: Settlement, _ dispatch: SpooledDispatch) {
        let target = ExchangeEvent.Target(
            dispatch: dispatch.number, recipient: dispatch.recipient, attempt: settlement.attempt)
        let fact: ExchangeEvent.Fact =
            switch settlement.outcome {
            case .delivered(_, let detail): .delivered(target, detail: detail)
            case .deferred(let reason, let due): .deferred(target, reason: reason, due: due)
            case .rejected(let reason, let due): .deferred(target, reason: reason, due: due)
            case .held(let reason): .held(target, reason: reason)
            case .unknown(let reason, let due): .unknown(target, reason: reason, due: due)
            case .dead(let reason, _): .dead(target, reason: reason)
            }
        if case .dead = fact { metrics.dead.member(dispatch.recipient.platform).add() }
        feed.tell(fact, of: ExchangeEvent.Subject(dispatch.envelope), at: settlement.finished)
    }
}
