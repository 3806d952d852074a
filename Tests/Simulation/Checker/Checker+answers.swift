import AdapterKit
import Messages
import Spooling

/// What becomes of answers to messages that were delivered.
extension Checker {
    /// A reply goes to the sender of what it answers, in that one's thread; our own messages do not come in again.
    mutating func checkAnswers() {
        for letter in ledger.letters {
            guard let origin = letter.plan.origin?.value, let acceptance = letter.acceptances.first,
                isKnown(origin, to: letter)
            else { continue }
            if let remoteID = letter.plan.remoteID {
                guard letter.ids.contains(where: { view.traces[$0] != nil }) else { continue }
                found("echo", "our own message \(remoteID) came in again as letter \(letter.number)")
            } else {
                checkReply(letter, acceptance, to: origin)
            }
        }
    }

    /// Whether the router must know by then what the platform called its message.
    private func isKnown(_ origin: Attempt, to letter: Letter) -> Bool {
        guard let answered = origin.answered else { return false }
        return !ledger.crashes.contains { $0 > answered.order && $0 < letter.sent }
            && !ledger.diskFailures.contains { $0 < letter.sent }
            && !ledger.sweeps.contains { $0 < letter.acknowledged ?? .max }
    }

    private mutating func checkReply(_ letter: Letter, _ acceptance: Acceptance, to origin: Attempt) {
        let original = origin.dispatch.envelope
        let expected = original.replyTo ?? original.from
        guard World.sendingMailboxes.contains(expected.platform) else { return }
        guard let recipient = acceptance.recipients.first(where: { $0.address == expected }) else {
            return found("reply", "letter \(letter.number) answers \(original.id), and does not go to \(expected)")
        }
        let thread = ledger.letter(original.id)?.plan.thread ?? letter.plan.thread
        for attempt in attempts(of: recipient.dispatch) where attempt.dispatch.envelope.thread != thread {
            found("reply", "letter \(letter.number) answers \(original.id), and does not stand in its thread")
        }
    }
}
