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
    /// What went out of bounds in the router's memory, or was under way at once.
    private(set) var excesses: [Violation] = []
    /// Files that were acknowledged and cannot be read.
    private(set) var lostBlobs: [String] = []
    private(set) var leases: [LeaseRecord] = []
    /// How many actions of an operator have changed something, as he was told.
    private(set) var effectiveActions = 0
    /// The mailboxes that an operator has paused at some time.
    var paused: Set<String> = []
    /// When the disk began to fail, as places in the order of all things.
    private(set) var diskFailures: [Int] = []
    private var order = 0
    private var letterOf: [MessageID: Letter] = [:]

    init(timeline: Timeline, scheduler: JobScheduler) {
        self.timeline = timeline
        self.scheduler = scheduler
    }

    /// Now.
    func moment() -> Moment { Moment(order: next(), time: timeline.wallTime, jumps: timeline.jumps) }

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
        if letter.sent == 0 { letter.sent = next() }
        letter.ids.append(id)
        letterOf[id] = letter
    }

    func accepted(_ letter: Letter, _ acceptance: Acceptance) {
        letter.acceptances.append(acceptance)
        letter.acknowledged = letter.acknowledged ?? next()
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

    // MARK: Programs

    func lease(_ dispatch: LeasedDispatch, of lane: Address, for duration: Duration) -> LeaseRecord {
        let granted = moment()
        let record = LeaseRecord(dispatch, lane: lane, granted: granted, until: granted.time + duration)
        leases.append(record)
        scheduler.note(17, UInt64(bitPattern: dispatch.lease.number), UInt64(dispatch.lease.attempt))
        return record
    }

    // MARK: Operators and the machine

    func began(
        _ kind: OperatorChange.Kind, on numbers: [Int64], until: Timestamp? = nil
    ) -> [OperatorChange] {
        let began = next()
        let made = numbers.map {
            OperatorChange(kind: kind, number: $0, began: began, until: until, jumps: timeline.jumps)
        }
        changes += made
        return made
    }

    func ended(_ changes: [OperatorChange], changed: Set<Int64>) {
        let ended = next()
        if !changed.isEmpty { effectiveActions += 1 }
        for change in changes {
            change.ended = ended
            change.hasChanged = changed.contains(change.number)
        }
        scheduler.note(15, UInt64(changed.count))
    }

    func swept() { sweeps.append(next()) }

    func excess(_ rule: String, _ text: String) { excesses.append(Violation(rule: rule, text: text)) }

    func lost(_ text: String) { lostBlobs.append(text) }

    func diskFails() { diskFailures.append(next()) }

    func crashed() {
        crashes.append(next())
        scheduler.note(16)
    }
}

/// What an operator did to a dispatch.
final class OperatorChange {
    enum Kind { case hold, release, retry, drop, reroute }

    let kind: Kind
    let number: Int64
    let began: Int
    /// Until when it is held, if it is not for ever.
    let until: Timestamp?
    /// How often the clock had been set.
    let jumps: Int
    /// When the router said that it was done; never, when it died meanwhile.
    var ended: Int?
    /// Whether it changed anything.
    var hasChanged = false

    init(kind: Kind, number: Int64, began: Int, until: Timestamp?, jumps: Int) {
        self.until = until
        self.jumps = jumps
        self.kind = kind
        self.number = number
        self.began = began
    }
}
