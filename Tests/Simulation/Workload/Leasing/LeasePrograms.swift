import AdapterKit
import Engine
import Messages

/// Programs that take messages: some do their work in time, some too late, some give it back, and some die over it.
final class LeasePrograms {
    private let ledger: Ledger
    private let timeline: Timeline
    private var chance: Chance
    /// The life that can be talked to, if any.
    var life: () -> Life? = { nil }

    init(ledger: Ledger, timeline: Timeline, seed: UInt64) {
        self.ledger = ledger
        self.timeline = timeline
        chance = Chance(seed: seed, name: "programs")
    }

    /// Takes messages as often as the plan says.
    func work(_ plan: LeaseWork) {
        for round in 0..<plan.rounds {
            timeline.after(.seconds(Int64(round) * chance.number(1...90))) { [unowned self] in
                take(plan) { self.answer($0, plan) }
            }
        }
    }

    /// Takes what is left in all lanes, and does its work at once.
    func drain() {
        for user in World.users {
            guard let lane = try? Address(platform: World.pulledMailbox, user: user) else { continue }
            let plan = LeaseWork(lane: lane, rounds: 1, count: 100, duration: .seconds(600), wait: .zero)
            take(plan) { [unowned self] record in settle(record, .delivered) }
        }
    }

    private func take(_ plan: LeaseWork, _ use: @escaping (LeaseRecord) -> Void) {
        guard let life = life(), let exchange = life.exchange else { return }
        let confined = Confined((programs: self, life: life, use: use))
        Task {
            let terms = LeaseTerms(count: plan.count, duration: plan.duration)
            let taken = (try? await exchange.lease(from: plan.lane, terms, waiting: plan.wait)) ?? []
            let (programs, life, use) = confined.value
            guard life.isAlive else { return }
            for dispatch in taken {
                use(programs.ledger.lease(dispatch, of: plan.lane, for: plan.duration))
            }
        }
    }

    /// What a program does with a message.
    private func answer(_ record: LeaseRecord, _ plan: LeaseWork) {
        let work = Duration.milliseconds(chance.number(0...plan.duration.milliseconds * 4 / 5))
        switch chance.number(0..<10) {
        case 0..<4: later(work, record, .delivered)
        case 4:
            later(work, record, .delivered)
            later(work + .seconds(1), record, .delivered)
        case 5: later(plan.duration + .seconds(chance.number(1...120)), record, .delivered)
        case 6: later(work, record, .returned(due: .earliest))
        case 7: later(work, record, .returned(due: timeline.wallTime + work + .seconds(30)))
        case 8:
            later(work, record, .extended(until: timeline.wallTime + work + plan.duration))
            later(work + .seconds(1), record, .delivered)
        default: return
        }
    }

    private func later(_ pause: Duration, _ record: LeaseRecord, _ kind: LeaseRecord.Answer.Kind) {
        timeline.after(pause) { [unowned self] in settle(record, kind) }
    }

    private func settle(_ record: LeaseRecord, _ kind: LeaseRecord.Answer.Kind) {
        guard let life = life(), let exchange = life.exchange else { return }
        let index = record.answers.count
        record.answers.append(LeaseRecord.Answer(kind: kind, began: ledger.moment()))
        let ending: LeaseEnding =
            switch kind {
            case .delivered: .delivered
            case .returned(let due): .returned(reason: "the program is busy", due: due)
            case .extended(let until): .extended(until: until)
            }
        let confined = Confined((record: record, life: life))
        Task { [lane = record.lane, lease = record.lease] in
            let held = try? await exchange.settle([lease], of: lane, as: ending)
            if confined.value.life.isAlive { confined.value.record.answers[index].held = held?.first }
        }
    }
}

extension Chance {
    fileprivate mutating func number(_ range: Range<Int>) -> Int { number(range.lowerBound...range.upperBound - 1) }
}
