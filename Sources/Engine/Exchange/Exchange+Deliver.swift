import AdapterKit
import Clocks
import Logging
import Messages
import Spooling
import Synchronization

extension Exchange {
    /// Makes one attempt, and has recorded how it ended.
    nonisolated func attempt(_ dispatch: SpooledDispatch, by adapter: (any Adapter)?, started: Timestamp) async {
        let start = clock.uptime
        let receipt = await receipt(for: dispatch, from: adapter)
        metrics.note(receipt, mailbox: dispatch.recipient.platform, took: clock.uptime - start)
        await finish(dispatch, receipt, started: started, finished: clock.now)
    }

    private nonisolated func receipt(for dispatch: SpooledDispatch, from adapter: (any Adapter)?) async -> Receipt {
        guard let adapter else {
            return .deferred(reason: "routes.yaml has no mailbox \"\(dispatch.recipient.platform)\"", retryAfter: nil)
        }
        do {
            return try await adapter.deliver(
                Dispatch(
                    number: dispatch.number, envelope: dispatch.envelope, recipient: dispatch.recipient,
                    idempotencyKey: dispatch.idempotencyKey, attempt: dispatch.attempts + 1,
                    remoteInReplyTo: await remoteInReplyTo(of: dispatch)))
        } catch is CancellationError {
            return .unknown(reason: "the attempt was ended before the platform answered")
        } catch {
            logger.warning(
                "adapter threw instead of returning a receipt",
                ["message": dispatch.envelope.id, "recipient": dispatch.recipient, "error": "\(error)"])
            return .deferred(reason: "\(error)", retryAfter: nil)
        }
    }

    /// The recipient platform's id of the message that is answered; not finding it costs the thread, not the message.
    private nonisolated func remoteInReplyTo(of dispatch: SpooledDispatch) async -> String? {
        guard let text = dispatch.envelope.inReplyTo, let id = try? MessageID(parsing: text) else { return nil }
        do {
            return try await spool.remoteIDs(of: id).first { $0.mailbox == dispatch.recipient.platform }?.id
        } catch {
            logger.warning("answered message cannot be looked up", ["message": id, "error": "\(error)"])
            return nil
        }
    }

    /// Frees the dispatch's place and has written what became of it.
    ///
    /// What waits behind it in the spool is looked at again only after that is written.
    private func finish(
        _ dispatch: SpooledDispatch, _ receipt: Receipt, started: Timestamp, finished: Timestamp
    ) {
        deliveries[dispatch.number] = nil
        let end = end(of: dispatch, receipt)
        let settlement = Settlement(
            number: dispatch.number, attempt: dispatch.attempts + 1, started: started, finished: finished,
            outcome: end.outcome, attemptOutcome: end.attempt)
        record(PendingSettlement(settlement: settlement, dispatch: dispatch))
        pumpSoon()
    }

    /// Ends dispatches whose time is over before they could be tried again; those that cannot be ended yet are left to
    /// the spool.
    func expire(_ dispatches: [SpooledDispatch], at now: Timestamp) async {
        let failed = await giveUp(dispatches, at: now)
        for dispatch in dispatches {
            if let retryAt = failed[dispatch.number] {
                scheduler.notBegun([dispatch], retryAt: retryAt, at: clock.now)
            } else {
                scheduler.ended(dispatch, at: clock.now)
                scheduler.settled(dispatch)
            }
        }
        pump()
    }

    /// Says why a dispatch has ended whose time is over; that of a pulled mailbox waited for a program.
    func expiryReason(of dispatch: SpooledDispatch) -> String {
        let end = dispatch.expires ?? expiry(of: dispatch)
        guard pulled[dispatch.recipient.platform] == nil else { return "expired at \(end) before a program took it" }
        return "expired at \(end) before it could be tried\(dispatch.attempts > 0 ? " again" : "")"
    }

    /// Records that dispatches have ended because their time is over.
    ///
    /// - Returns: Until when those wait of which that could not be recorded: nothing has changed for them.
    func giveUp(_ dispatches: [SpooledDispatch], at now: Timestamp) async -> [Int64: Timestamp] {
        let settlements = dispatches.map { dispatch in
            PendingSettlement(
                settlement: Settlement(
                    number: dispatch.number, attempt: dispatch.attempts, started: now, finished: now,
                    outcome: dead(dispatch, expiryReason(of: dispatch), attempts: dispatch.attempts)),
                dispatch: dispatch)
        }
        return await write(settlements, as: .expire)
    }

    /// Gives a dispatch up: a dead letter, and a bounce unless that is forbidden.
    func dead(
        _ dispatch: SpooledDispatch, _ reason: String, attempts: Int
    ) -> Settlement.Outcome {
        let bounce = Bounce(state: routing.withLock { $0 }, now: clock.now)
        return .dead(
            reason: reason,
            bounce: bounce.entry(
                for: dispatch, attempts: attempts, reason: reason, id: identifiers.next()))
    }
}
