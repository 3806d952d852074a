import Clocks
import Logging
import Messages
import Spooling

/// A settlement on its way to the disk.
struct PendingSettlement: Sendable {
    let settlement: Settlement
    let dispatch: SpooledDispatch
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
            let failed = await write(batch, as: .settle)
            var looksAgain = false
            for pending in batch where failed[pending.dispatch.number] == nil {
                // Asked now: what was not in the spool alone when the attempt ended may be by now.
                guard scheduler.hasStored(in: pending.dispatch.lane) else { continue }
                scheduler.settled(pending.dispatch)
                looksAgain = true
            }
            if looksAgain { pumpSoon() }
            if !failed.isEmpty { writeAgain(batch.filter { failed[$0.dispatch.number] != nil }, failed) }
        }
        recording = nil
    }

    /// Writes settlements together, or one by one when that fails.
    ///
    /// - Returns: Until when those wait that could not be written, by their dispatches' numbers.
    func write(_ batch: [PendingSettlement], as step: SpoolStep) async -> [Int64: Timestamp] {
        do {
            try await spool.settle(batch.map(\.settlement))
            succeeded(step)
            for pending in batch { tell(of: pending.settlement, pending.dispatch) }
            return [:]
        } catch {
            let results = await oneByOne(batch, after: error) { pending throws(SpoolError) in
                try await spool.settle(pending.settlement)
            }
            var bad: [Int64] = []
            for (pending, result) in zip(batch, results) {
                if result.failure == nil {
                    tell(of: pending.settlement, pending.dispatch)
                } else {
                    bad.append(pending.dispatch.number)
                }
            }
            return failed(step, for: bad, of: batch.count, results.compactMap(\.failure).first)
        }
    }

    /// Keeps settlements that could not be written: the platform may have the messages already.
    private func writeAgain(_ settlements: [PendingSettlement], _ failed: [Int64: Timestamp]) {
        unwritten += settlements
        guard !writesNoMore, rewriting == nil, let time = failed.values.min() else { return }
        let pause = time - clock.now
        rewriting = Task(executorPreference: deliveryExecutors.first) { await self.writeAgain(after: pause) }
    }

    private func writeAgain(after pause: Duration) async {
        let mayGoOn = (try? await clock.sleep(for: pause)) != nil
        rewriting = nil
        // The next start finds those attempts unfinished.
        guard mayGoOn else { return }
        let again = unwritten
        unwritten = []
        for settlement in again { record(settlement) }
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
        if case .dead(_, let reason) = fact {
            metrics.dead.member(dispatch.recipient.platform).add()
            logger.warning(
                "dispatch is dead",
                ["message": dispatch.envelope.id, "recipient": dispatch.recipient, "reason": reason])
        }
        feed.tell(fact, of: ExchangeEvent.Subject(dispatch.envelope), at: settlement.finished)
    }
}
