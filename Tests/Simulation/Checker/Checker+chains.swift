import AdapterKit
import Messages
import Spooling

/// What ends loops, and what is never answered.
extension Checker {
    /// I5: every loop ends, and nothing is taken for a loop that is none.
    mutating func checkLoops() {
        for letter in ledger.letters {
            let plan = letter.plan
            let isTaken = !letter.acceptances.isEmpty
            if isTaken, plan.generation > (plan.isConversation ? 8 : 4) {
                found("I5", "letter \(letter.number) came round for the \(plan.generation)th time and was taken")
            }
            guard plan.isMeasured else { continue }
            let isLoop = plan.received.count { $0.router == World.router } >= 2
            let isOver = plan.depth > 8 || plan.received.count >= 16 || isLoop
            if isOver, isTaken { found("I5", "letter \(letter.number) was taken, which is beyond a limit") }
            if !isOver, let refusal = letter.refusal {
                found("I5", "letter \(letter.number) is within all limits, and refused: \(refusal)")
            }
        }
    }

    /// I6: bounces are for letters that people wrote, one for each failure, and nothing comes of them.
    mutating func checkBounces() {
        for attempt in ledger.attempts where attempt.dispatch.envelope.kind == .bounce {
            let envelope = attempt.dispatch.envelope
            // Another router's is delivered like any message.
            if ledger.letter(envelope.id) != nil { continue }
            guard let letter = envelope.parent.flatMap(ledger.letter) else {
                found("I6", "dispatch \(attempt.dispatch.number) is a bounce for no letter")
                continue
            }
            if letter.plan.hasNoBounce { found("I6", "letter \(letter.number) is automatic and bounced") }
        }
        for (id, child) in view.children.sorted(by: { "\($0.key)" < "\($1.key)" }) where !child.children.isEmpty {
            found("I6", "of the bounce \(id) came another message")
        }
        for (id, trace) in view.traces.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            let failures = trace.dispatches.reduce(0) { sum, dispatch in
                sum + 1 + changes[dispatch.summary.number, default: []].count { $0.kind == .retry }
            }
            if trace.children.count > failures {
                found("I6", "of message \(id) came \(trace.children.count) bounces, and it failed \(failures) times")
            }
        }
    }
}
