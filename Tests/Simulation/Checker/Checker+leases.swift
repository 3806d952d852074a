import Messages
import Spooling

/// What must hold for programs that take messages themselves.
extension Checker {
    /// What must hold for the leases of one dispatch.
    mutating func checkLeases(of number: Int64, _ leases: [LeaseRecord]) {
        if Set(leases.map(\.idempotencyKey)).count > 1 {
            found("I4", "dispatch \(number) was leased under several idempotency keys")
        }
        // What a person has done to it meanwhile changes everything.
        guard changes[number] == nil else { return }
        for (first, second) in zip(leases, leases.dropFirst()) { checkPair(number, first, second) }
        for (index, lease) in leases.enumerated() {
            checkAnswers(number, lease, next: index + 1 < leases.count ? leases[index + 1] : nil)
        }
        let isDone = leases.contains { $0.answers.contains { $0.kind.isDelivered && $0.held == true } }
        if isDone, let summary = view.summaries.first(where: { $0.number == number }), summary.state != .delivered {
            found("I2", "dispatch \(number) is \(summary.state), though a program was told that its work counts")
        }
    }

    private mutating func checkPair(_ number: Int64, _ first: LeaseRecord, _ second: LeaseRecord) {
        if second.lease.attempt <= first.lease.attempt {
            found("I2", "dispatch \(number) was leased twice as attempt \(second.lease.attempt)")
        }
        let before = first.answers.filter { $0.began.order < second.granted.order && $0.held != false }
        if before.contains(where: { $0.kind.isDelivered && $0.held == true }) {
            found("I4", "dispatch \(number) was leased again after a program had done its work")
        }
        let isFree = before.contains { if case .extended = $0.kind { false } else { true } }
        guard !isFree, first.granted.jumps == second.granted.jumps, second.granted.time < first.end else { return }
        found(
            "I4", "dispatch \(number) was leased at \(second.granted.time), while a program had it until \(first.end)")
    }

    private mutating func checkAnswers(_ number: Int64, _ lease: LeaseRecord, next: LeaseRecord?) {
        for (index, answer) in lease.answers.enumerated() {
            let isReplaced = next.map { $0.granted.order < answer.began.order } ?? false
            if isReplaced, answer.held == true {
                found("I4", "lease \(lease.lease) was honoured after another program had got the dispatch")
            }
            guard index == 0, !isReplaced, answer.held == false, isUndisturbed(lease, answer) else { continue }
            found("I2", "lease \(lease.lease) was not honoured, though it ran")
        }
    }

    /// Whether nothing but the program itself could have ended the lease by then.
    private func isUndisturbed(_ lease: LeaseRecord, _ answer: LeaseRecord.Answer) -> Bool {
        answer.began.jumps == lease.granted.jumps && answer.began.time < lease.until
            && ledger.letter(lease.message)?.plan.lifetime == nil
            && !ledger.diskFailures.contains { $0 < answer.began.order }
            && !ledger.crashes.contains { $0 > lease.granted.order && $0 < answer.began.order }
    }

    /// I3: no program gets a message while an earlier one of its thread is not done.
    mutating func checkOrderOfLeases() {
        let threads = Dictionary(grouping: ledger.leases.filter { $0.thread != nil }) {
            "\($0.lane) \($0.thread ?? "")"
        }
        for (place, leases) in threads.sorted(by: { $0.key < $1.key }) {
            let numbers = Set(leases.map(\.lease.number)).filter { changes[$0] == nil }.sorted()
            for lease in leases where changes[lease.lease.number] == nil && !isRerouted(lease) {
                for number in numbers where number < lease.lease.number && !isDone(number, before: lease) {
                    found("I3", "\(place): dispatch \(lease.lease.number) was leased before \(number) was done")
                }
            }
        }
    }

    private func isRerouted(_ lease: LeaseRecord) -> Bool {
        reroutedMessages.contains(lease.lease.number >> 12)
    }

    private func isDone(_ number: Int64, before lease: LeaseRecord) -> Bool {
        leases[number, default: []].contains { earlier in
            ledger.letter(earlier.message)?.plan.lifetime != nil
                || earlier.answers.contains {
                    $0.kind.isDelivered && $0.held != false && $0.began.order < lease.granted.order
                }
        }
    }
}
