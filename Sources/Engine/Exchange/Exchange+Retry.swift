import AdapterKit
import Clocks
import Logging
import Messages
import Spooling

/// What becomes of a dispatch after an attempt, as the records say it.
struct AttemptEnd {
    let outcome: Settlement.Outcome
    /// How the attempt itself ended.
    let attempt: AttemptTrace.Outcome
}

extension Exchange {
    /// What a receipt means for a dispatch; its place is free afterwards.
    func end(of dispatch: SpooledDispatch, _ receipt: Receipt) -> AttemptEnd {
        switch receipt {
        case .delivered(let remoteIDs, let detail):
            note(scheduler.succeeded(dispatch), of: dispatch)
            return AttemptEnd(outcome: .delivered(remoteIDs: remoteIDs, detail: detail), attempt: .delivered)
        case .deferred(let reason, let retryAfter):
            return AttemptEnd(outcome: again(dispatch, .deferred, reason, retryAfter), attempt: .deferred)
        case .unknown(let reason):
            let isHeld = limits(of: dispatch.recipient.platform).retry.holdsUnknown
            return AttemptEnd(
                outcome: isHeld ? held(dispatch, reason) : again(dispatch, .unknown, reason, nil), attempt: .unknown)
        case .rejected(let reason):
            return AttemptEnd(outcome: again(dispatch, .rejected, reason, nil), attempt: .rejected)
        }
    }

    /// The bounds of a mailbox; those of a new one while it is not set up.
    func limits(of mailbox: String) -> MailboxLimits {
        mailboxes[mailbox]?.limits ?? MailboxLimits()
    }

    /// The next attempt, unless the schedule allows none or the dispatch expires before it.
    private func again(
        _ dispatch: SpooledDispatch, _ retryClass: RetryPolicy.Class, _ reason: String, _ retryAfter: Duration?
    ) -> Settlement.Outcome {
        let now = clock.now
        let attempt = dispatch.attempts + 1
        let schedule = limits(of: dispatch.recipient.platform).retry[retryClass]
        let due = now + schedule.pause(afterAttempt: attempt, retryAfter: retryAfter, using: &random)
        let expires = expiry(of: dispatch, by: schedule)
        let isLast = schedule.attempts.map { attempt >= $0 } ?? false
        let pause = retryAfter.map { now + $0 }
        let until = settle(
            dispatch, retryClass, reason, due: isLast || due > expires ? nil : due, pausedUntil: pause, at: now)
        // While the breaker is open nothing is tried, so what expires before its probe has had its last attempt.
        let next = max(due, until ?? due)
        guard isLast || next > expires else { return outcome(retryClass, reason, due) }
        return dead(dispatch, lastWord(retryClass, reason, attempt, isLast ? nil : expires), attempts: attempt)
    }

    /// Tells the scheduler; a platform that refuses a message works, so the breakers count that as a success.
    ///
    /// - Returns: Until when the lane's breaker has opened because of it.
    private func settle(
        _ dispatch: SpooledDispatch, _ retryClass: RetryPolicy.Class, _ reason: String, due: Timestamp?,
        pausedUntil: Timestamp?, at now: Timestamp
    ) -> Timestamp? {
        if retryClass == .rejected {
            note(scheduler.succeeded(dispatch, due: due), of: dispatch)
            return nil
        }
        let changes = scheduler.failed(dispatch, reason: reason, due: due, pausedUntil: pausedUntil, at: now)
        note(changes, of: dispatch)
        if case .opened(let until)? = changes.lane { return until }
        return nil
    }

    private func outcome(
        _ retryClass: RetryPolicy.Class, _ reason: String, _ due: Timestamp
    ) -> Settlement.Outcome {
        switch retryClass {
        case .deferred: .deferred(reason: reason, due: due)
        case .unknown: .unknown(reason: reason, due: due)
        case .rejected: .rejected(reason: reason, due: due)
        }
    }

    private func lastWord(
        _ retryClass: RetryPolicy.Class, _ reason: String, _ attempt: Int, _ expires: Timestamp?
    ) -> String {
        if let expires { return "expired at \(expires); the last attempt: \(reason)" }
        if attempt == 1, retryClass == .rejected { return reason }
        return "given up after \(attempt) attempts; the last one: \(reason)"
    }

    /// Nobody knows whether the platform has the message, and it would take it twice: a person decides.
    private func held(_ dispatch: SpooledDispatch, _ reason: String) -> Settlement.Outcome {
        scheduler.held(dispatch)
        let now = clock.now
        note(scheduler.failed(dispatch, reason: reason, due: nil, at: now), of: dispatch)
        return .held(reason: Self.unknownReason(reason))
    }

    static func unknownReason(_ reason: String) -> String {
        "\(reason); the platform may have it and would take it twice: release it, or drop it if it has arrived"
    }

    /// When a dispatch is given up.
    func expiry(of dispatch: SpooledDispatch) -> Timestamp {
        dispatch.envelope.expires ?? dispatch.since + limits(of: dispatch.recipient.platform).expires
    }

    private func expiry(of dispatch: SpooledDispatch, by schedule: RetrySchedule) -> Timestamp {
        let expires = expiry(of: dispatch)
        return schedule.until.map { min(expires, dispatch.since + $0) } ?? expires
    }
}
