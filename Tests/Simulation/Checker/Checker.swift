import AdapterKit
import Messages
import Spooling

/// Judges a run by what senders were told and platforms saw, against what the spool says at the end.
struct Checker {
    let ledger: Ledger
    let view: SpoolView
    let plan: Plan
    private(set) var violations: [Violation] = []
    /// The attempts of each dispatch, in their order.
    let attempts: [(number: Int64, attempts: [Attempt])]
    let changes: [Int64: [OperatorChange]]
    /// The messages of which a dispatch may have been sent elsewhere, by their places in the spool.
    let reroutedMessages: Set<Int64>
    /// The leases of each dispatch, in their order.
    let leases: [Int64: [LeaseRecord]]
    private let attemptsByNumber: [Int64: [Attempt]]

    init(_ ledger: Ledger, _ view: SpoolView, _ plan: Plan) {
        self.ledger = ledger
        self.view = view
        self.plan = plan
        attemptsByNumber = Dictionary(grouping: ledger.attempts, by: \.dispatch.number)
        leases = Dictionary(grouping: ledger.leases, by: \.lease.number)
        attempts = attemptsByNumber.map { ($0.key, $0.value) }.sorted { $0.number < $1.number }
        changes = Dictionary(grouping: ledger.changes, by: \.number)
        reroutedMessages = Set(
            ledger.changes.filter { $0.kind == .reroute }.map { SpooledDispatch.sequence(ofNumber: $0.number) })
    }

    /// Everything that must not have happened.
    static func violations(_ ledger: Ledger, _ view: SpoolView, _ plan: Plan) -> [Violation] {
        var checker = Checker(ledger, view, plan)
        checker.checkAcknowledged()
        checker.checkEnds()
        checker.checkOrder()
        for (number, attempts) in checker.attempts { checker.checkAttempts(of: number, attempts) }
        for (number, leases) in checker.leases.sorted(by: { $0.key < $1.key }) {
            checker.checkLeases(of: number, leases)
        }
        checker.checkOrderOfLeases()
        checker.checkPace()
        checker.checkAnswers()
        checker.checkActions()
        checker.checkLoops()
        checker.checkBounces()
        checker.checkWords()
        return checker.violations
    }

    mutating func found(_ rule: String, _ text: String) {
        violations.append(Violation(rule: rule, text: text))
    }

    // MARK: I1

    private mutating func checkAcknowledged() {
        for letter in ledger.letters {
            for acceptance in letter.acceptances {
                checkKept(letter, acceptance.id, acceptance.recipients.map { ($0.dispatch, $0.route) })
            }
            guard letter.plan.eventKey != nil else { continue }
            let taken = Set(letter.acceptances.map(\.id)).union(letter.ids.filter { view.traces[$0] != nil })
            if taken.count > 1 { found("I1", "letter \(letter.number) was taken \(taken.count) times as new") }
        }
    }

    private mutating func checkKept(_ letter: Letter, _ id: MessageID, _ recipients: [(number: Int64, route: String)]) {
        guard let trace = view.traces[id] else {
            let isSwept = !ledger.sweeps.isEmpty && recipients.allSatisfy { isSettled($0.number, route: $0.route) }
            if !isSwept { found("I1", "letter \(letter.number) was acknowledged as \(id) and is lost") }
            return
        }
        if trace.dispatches.isEmpty { found("I1", "letter \(letter.number) goes to nobody") }
        let known = Set(trace.dispatches.map(\.summary.number))
        for (number, _) in recipients where !known.contains(number) {
            found("I2", "dispatch \(number) of letter \(letter.number) has vanished")
        }
    }

    /// Whether the world has seen the end of a dispatch that the spool may have forgotten.
    private func isSettled(_ number: Int64, route: String) -> Bool {
        // Whoever's message is dropped by a filter sees nothing of it.
        route == "urgent" || isTaken(number) || changes[number, default: []].contains { $0.kind.isEnd }
    }

    func attempts(of number: Int64) -> [Attempt] { attemptsByNumber[number] ?? [] }

    /// Whether the world has the message: a platform has said so, or a program.
    private func isTaken(_ number: Int64) -> Bool {
        attempts(of: number).contains { $0.isDelivered }
            || leases[number, default: []].contains { $0.answers.contains { $0.kind.isDelivered } }
    }

    // MARK: I2

    private mutating func checkEnds() {
        for summary in view.summaries {
            let name = "dispatch \(summary.number) to \(summary.recipient)"
            switch summary.state {
            case .waiting, .trying: found("I2", "\(name) is still \(summary.state)")
            case .held: break
            case .delivered:
                if !isTaken(summary.number) {
                    found("I2", "\(name) is said to be delivered, and no platform has said so")
                }
            case .dropped:
                let isByHand = changes[summary.number, default: []].contains { $0.kind.isEnd }
                if !isByHand, summary.route.name != "urgent" { found("I2", "\(name) was dropped by nobody") }
            case .dead: checkBounce(of: summary, name)
            }
        }
        let counted = Dictionary(grouping: view.summaries, by: \.state).mapValues(\.count)
        if counted != view.counts {
            found("I2", "the spool counts \(Self.text(view.counts)) and lists \(Self.text(counted))")
        }
        // A file that could not be read for a moment is listed as well; whether it can be read now is looked at.
        for row in view.damaged where !row.place.hasPrefix("blob ") || ledger.diskFailures.isEmpty {
            found("I1", "damaged: \(row.place): \(row.reason)")
        }
    }

    private static func text(_ counts: [DispatchState: Int]) -> String {
        counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")
    }

    private mutating func checkBounce(of summary: DispatchSummary, _ name: String) {
        guard let letter = ledger.letter(summary.message), !letter.plan.hasNoBounce, ledger.sweeps.isEmpty,
            let trace = view.traces[summary.message]
        else { return }
        if trace.children.isEmpty { found("I2", "\(name) is dead and its sender was not told") }
    }

    // MARK: I7, I8, I9

    private mutating func checkWords() {
        for text in ledger.misled { found("I8", text) }
        violations += ledger.excesses.prefix(3)
        for text in ledger.lostBlobs { found("I1", text) }
        for leak in ledger.leaks { found("I9", "what nobody must see stands in a log: \(leak)") }
        for text in view.words where World.isPrivate(text) { found("I9", "what nobody must see is told: \(text)") }
        for text in ledger.letters.compactMap(\.refusal) where World.isPrivate(text) {
            found("I9", "a sender is told what nobody must see: \(text)")
        }
    }
}

extension Attempt {
    /// Whether the platform, or the adapter in its name, has said that it has the message.
    var isDelivered: Bool {
        if case .delivered = receipt { true } else { false }
    }
}

extension OperatorChange.Kind {
    /// Whether the dispatch ends by it.
    var isEnd: Bool { self == .drop || self == .reroute }
}
