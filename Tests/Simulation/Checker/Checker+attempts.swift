import Messages
import Spooling

/// What is judged by the attempts alone.
extension Checker {
    /// I3: in a lane the messages of a thread come in the order of acceptance, repetitions included.
    mutating func checkOrder() {
        var last: [String: Int64] = [:]
        let taken = ledger.attempts.filter { $0.taken != nil }.sorted { ($0.taken ?? 0) < ($1.taken ?? 0) }
        for attempt in taken {
            let number = attempt.dispatch.number
            // What a person tries anew had ended, and comes later than those behind it.
            let isRetried = changes[number, default: []].contains { $0.kind == .retry } || isRerouted(number)
            guard let thread = attempt.dispatch.envelope.thread, !isRetried else { continue }
            let place = "\(attempt.dispatch.recipient) \(thread)"
            if let before = last[place], before > number {
                found("I3", "\(place): dispatch \(number) came after \(before)")
            }
            last[place] = max(last[place] ?? number, number)
        }
    }

    /// Whether it may have taken another's place, later than those behind that one.
    private func isRerouted(_ number: Int64) -> Bool {
        reroutedMessages.contains(SpooledDispatch.sequence(ofNumber: number))
    }

    /// What must hold for the attempts of one dispatch.
    mutating func checkAttempts(of number: Int64, _ attempts: [Attempt]) {
        if Set(attempts.map(\.dispatch.idempotencyKey)).count > 1 {
            found("I4", "dispatch \(number) was tried under several idempotency keys")
        }
        for (first, second) in zip(attempts, attempts.dropFirst()) {
            checkPair(number, first, second)
        }
        let taken = attempts.filter { $0.taken != nil }
        for (first, second) in zip(taken, taken.dropFirst()) {
            if !isExcused(first, second) {
                found("I4", "dispatch \(number) was taken twice without a crash between")
            } else if plan.holdsUnknown.contains(first.dispatch.recipient.platform), !isApproved(number, first, second)
            {
                found("I4", "dispatch \(number) was taken twice by a platform that cannot tell, and nobody wanted it")
            }
        }
        for attempt in attempts { checkTimes(number, attempt) }
        for change in changes[number, default: []] { checkChange(number, change, attempts) }
    }

    private mutating func checkPair(_ number: Int64, _ first: Attempt, _ second: Attempt) {
        let isChanged = changes[number, default: []].contains {
            $0.began < second.order && ($0.ended ?? .max) > first.order
        }
        if second.dispatch.attempt <= first.dispatch.attempt, !isChanged {
            found("I2", "dispatch \(number) was tried twice as attempt \(second.dispatch.attempt)")
        }
        guard let pause = first.retryAfter, let answered = first.answered, case .deferred = first.receipt, !isChanged,
            first.life == second.life, answered.jumps == second.jumps
        else { return }
        if second.started < answered.time + pause {
            found("pace", "dispatch \(number) was tried \(second.started - answered.time) after \"wait \(pause)\"")
        }
    }

    /// Whether the receipt of the first may not have come to be known: its answer was lost, or the router died.
    private func isExcused(_ first: Attempt, _ second: Attempt) -> Bool {
        guard let taken = first.taken else { return true }
        if !first.isDelivered { return true }
        return ledger.crashes.contains { $0 > taken && $0 < second.order }
    }

    /// Whether a person may have had it tried again between two attempts.
    private func isApproved(_ number: Int64, _ first: Attempt, _ second: Attempt) -> Bool {
        changes[number, default: []].contains {
            ($0.kind == .release || $0.kind == .retry) && $0.began < second.order && ($0.ended ?? .max) > first.order
        }
    }

    private mutating func checkTimes(_ number: Int64, _ attempt: Attempt) {
        guard attempt.jumps == 0, changes[number] == nil else { return }
        let envelope = attempt.dispatch.envelope
        if let notBefore = envelope.notBefore, attempt.started < notBefore {
            found("I2", "dispatch \(number) was tried at \(attempt.started), before \(notBefore)")
        }
        let letter = ledger.letter(envelope.id)
        guard let letter, let lifetime = letter.plan.lifetime else { return }
        if attempt.started >= envelope.time + lifetime {
            found("I2", "dispatch \(number) was tried at \(attempt.started), after it had expired")
        }
    }

    /// What a person holds or has dropped stays so until a person says otherwise.
    private mutating func checkChange(_ number: Int64, _ change: OperatorChange, _ attempts: [Attempt]) {
        guard change.hasChanged, let ended = change.ended, change.kind == .hold || change.kind.isEnd else { return }
        let next = changes[number, default: []].filter { $0.began > change.began && $0 !== change }.map(\.began).min()
        let isHeld = { (attempt: Attempt) in
            change.until.map { attempt.started < $0 && attempt.jumps == change.jumps } ?? true
        }
        if attempts.contains(where: { $0.order > ended && $0.order < next ?? .max && isHeld($0) }) {
            found("I2", "dispatch \(number) was tried after a person had said \(change.kind)")
        }
    }
}
