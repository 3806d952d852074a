import AdapterKit
import Engine
import Messages

/// How fast lanes go, and what goes first.
extension Checker {
    /// A lane starts no more attempts than its rate allows, and what is urgent does not wait for all others.
    mutating func checkPace() {
        for (mailbox, rate) in plan.laneRates.sorted(by: { $0.key < $1.key }) {
            let own = ledger.attempts.filter { $0.dispatch.recipient.platform == mailbox }
            // A start gives a lane its tokens anew, and a clock that is set counts otherwise.
            let runs = Dictionary(grouping: own) { "\($0.dispatch.recipient), life \($0.life).\($0.jumps)" }
            for (name, attempts) in runs.sorted(by: { $0.key < $1.key }) { checkRate(rate, name, attempts) }
            for letter in ledger.letters { checkUrgency(letter, own) }
        }
    }

    private mutating func checkRate(_ rate: LaneRate, _ name: String, _ attempts: [Attempt]) {
        // What was saved up goes at once; the next has to wait for its token.
        let pause = Duration.milliseconds(rate.period.milliseconds / Int64(rate.count) - 2)
        for (first, last) in zip(attempts, attempts.dropFirst(rate.count)) where last.started < first.started + pause {
            found("pace", "\(name): \(rate.count + 1) attempts from \(first.started) to \(last.started)")
        }
    }

    /// So many others may go first: those that are in memory already, read before it and every fourth.
    private var mostBefore: Int { 2 * plan.memory.largestWindow + 10 }

    private mutating func checkUrgency(_ letter: Letter, _ own: [Attempt]) {
        guard letter.plan.priority > .normal, letter.plan.thread == nil, letter.plan.delay == nil,
            letter.plan.lifetime == nil, let acknowledged = letter.acknowledged
        else { return }
        for recipient in letter.acceptances[0].recipients where changes[recipient.dispatch] == nil {
            let first = attempts(of: recipient.dispatch).first?.order ?? .max
            let before = own.filter {
                $0.dispatch.recipient == recipient.address && $0.order > acknowledged && $0.order < first
                    && $0.dispatch.envelope.priority <= .normal
            }
            let most = Dictionary(grouping: before, by: \.life).values.map(\.count).max() ?? 0
            if most > mostBefore {
                found("pace", "\(most) attempts went before the urgent dispatch \(recipient.dispatch)")
            }
        }
    }
}
