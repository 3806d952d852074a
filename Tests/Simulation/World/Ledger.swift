import AdapterKit
import Messages
import Spooling

/// What senders, platforms and operators know: the checker judges by it, for it stands outside of all crashes.
final class Ledger {
    private let timeline: Timeline
    private let scheduler: JobScheduler
    private(set) var letters: [Letter] = []
    private(set) var attempts: [Attempt] = []
    private(set) var changes: [OperatorChange] = []
    /// When sweeps began, as places in the order of all things.
    private(set) var sweeps: [Int] = []
    /// When lives ended without a farewell.
    private(set) var crashes: [Int] = []
    /// What senders were told that is not so.
    var misled: [String] = []
    /// What a log showed that must not be seen.
    var leaks: [String] = []
    private var order = 0
    private var letterOf: [MessageID: Letter] = [:]

    init(timeline: Timeline, scheduler: JobScheduler) {
        self.timeline = timeline
        self.scheduler = scheduler
    }

    private func next() -> Int {
        order += 1
        return order
    }

    // MARK: Senders

    func write(_ plan: LetterPlan) -> Letter {
        let letter = Letter(number: letters.count, plan: plan)
        letters.append(letter)
        return letter
    }

    func send(_ letter: Letter, as id: MessageID) {
        letter.ids.append(id)
        letterOf[id] = letter
    }

    func accepted(_ letter: Letter, _ acceptance: Acceptance) {
        letter.acceptances.append(acceptance)
        letter.wasTold = nil
        scheduler.note(11, UInt64(letter.number), UInt64(acceptance.recipients.count))
    }

    func refused(_ letter: Letter, _ error: AcceptError) {
        letter.wasTold = error
        if case .refused(let reason) = error { letter.refusal = reason }
        scheduler.note(12, UInt64(letter.number))
    }

    /// The letter that a message was.
    func letter(_ id: MessageID) -> Letter? { letterOf[id] }

    // MARK: Platforms

    func begin(_ dispatch: Dispatch, life: Life) -> Attempt {
        let attempt = Attempt(
            dispatch, life: life.number, started: timeline.wallTime, jumps: timeline.jumps, order: next())
        attempts.append(attempt)
        scheduler.note(13, UInt64(bitPattern: dispatch.number), UInt64(dispatch.attempt))
        return attempt
    }

    func take(_ attempt: Attempt) {
        attempt.taken = next()
        scheduler.note(14, UInt64(bitPattern: attempt.dispatch.number))
    }

    func answer(_ attempt: Attempt, _ receipt: Receipt) {
        attempt.receipt = receipt
        attempt.answered = (next(), timeline.wallTime, timeline.jumps)
    }

    // MARK: Operators and the machine

    func began(_ kind: OperatorChange.Kind, on numbers: [Int64]) -> [OperatorChange] {
        let began = next()
        let made = numbers.map { OperatorChange(kind: kind, number: $0, began: began) }
        changes += made
        return made
    }

    func ended(_ changes: [OperatorChange], changed: Set<Int64>) {
        let ended = next()
        for change in changes {
            change.ended = ended
            change.hasChanged = changed.contains(change.number)
        }
        scheduler.note(15, UInt64(changed.count))
    }

    func swept() { sweeps.append(next()) }

    func crashed() {
        crashes.append(next())
        scheduler.note(16)
    }
}

/// What an operator did to a dispatch.
final class OperatorChange {
    enum Kind { case hold, release, retry, drop }

    let kind: Kind
    let number: Int64
    let began: Int
    /// When the router said that it was done; never, when it died meanwhile.
    var ended: Int?
    /// Whether it changed anything.
    var hasChanged = false

    init(kind: Kind, number: Int64, began: Int) {
        self.kind = kind
        self.number = number
        self.began = began
    }
}
