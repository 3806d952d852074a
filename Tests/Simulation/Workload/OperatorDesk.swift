import AdapterKit
import Engine
import Messages
import Spooling

/// Does what operators do.
final class OperatorDesk {
    private let ledger: Ledger
    /// The life that can be talked to, if any.
    var life: () -> Life? = { nil }

    init(ledger: Ledger) {
        self.ledger = ledger
    }

    /// Does it, if there is a router to do it to.
    func perform(_ plan: OperatorPlan) {
        switch plan {
        case .hold(let pick): apply(.hold(reason: "by hand"), .hold, pick)
        case .holdFor(let pick, let duration): holdFor(duration, pick)
        case .releaseAsItIs(let pick): apply(.releaseAsItIs, .release, pick)
        case .reroute(let pick, let target): apply(.reroute(to: target, reason: "by hand"), .reroute, pick)
        case .tryOut(let pick): tryOut(pick)
        case .release(let pick): apply(.release, .release, pick)
        case .retry(let pick): apply(.retry, .retry, pick)
        case .drop(let pick): apply(.drop(reason: "by hand"), .drop, pick)
        case .pause(let mailbox):
            ledger.paused.insert(mailbox)
            withExchange { try? await $0.setPaused(true, mailbox: mailbox) }
        case .goOn(let mailbox): withExchange { try? await $0.setPaused(false, mailbox: mailbox) }
        case .reset(let mailbox): withExchange { try? await $0.reset(mailbox: mailbox) }
        }
    }

    /// Lets everything go on that a person holds up; `isSparing` touches nothing else.
    func clear(isSparing: Bool) {
        for mailbox in World.sendingMailboxes where !isSparing || ledger.paused.contains(mailbox) {
            perform(.goOn(mailbox: mailbox))
        }
        let confined = Confined(ledger)
        withExchange { exchange in
            var filter = DispatchFilter()
            filter.states = [.held]
            guard let held = try? await exchange.spool.list(filter, before: nil, limit: 10_000),
                !isSparing || !held.isEmpty
            else { return }
            let changes = confined.value.began(.release, on: held.map(\.number))
            let changed = try? await exchange.apply(.release, to: filter, by: "operator", isDryRun: false)
            confined.value.ended(changes, changed: Set((changed ?? []).map(\.number)))
        }
    }

    private func holdFor(_ duration: Duration, _ pick: Int) {
        guard let life = life() else { return }
        let until = life.clock.now + duration
        apply(.hold(reason: "by hand", until: until), .hold, pick, until: until)
    }

    /// Some of the dispatches that somebody was told of.
    private func filter(_ pick: Int) -> DispatchFilter? {
        let known = ledger.letters.flatMap { $0.acceptances.flatMap { $0.recipients.map(\.dispatch) } }
        guard !known.isEmpty else { return nil }
        var filter = DispatchFilter()
        filter.numbers = [known[pick % known.count], known[pick / 7 % known.count]]
        return filter
    }

    /// Whatever this does, nobody wanted it.
    private func tryOut(_ pick: Int) {
        guard let filter = filter(pick) else { return }
        withExchange { exchange in
            _ = try? await exchange.apply(.drop(reason: "tried out"), to: filter, by: "operator", isDryRun: true)
        }
    }

    private func apply(
        _ action: DispatchAction, _ kind: OperatorChange.Kind, _ pick: Int, until: Timestamp? = nil
    ) {
        guard let life = life(), life.exchange != nil, let filter = filter(pick) else { return }
        let changes = ledger.began(kind, on: filter.numbers.sorted(), until: until)
        let confined = Confined((ledger: ledger, changes: changes, life: life))
        withExchange { [filter] exchange in
            guard let changed = try? await exchange.apply(action, to: filter, by: "operator", isDryRun: false),
                confined.value.life.isAlive
            else { return }
            // Of a reroute the new dispatches are told.
            let numbers = changed.map { kind == .reroute ? $0.reroutedFrom ?? $0.number : $0.number }
            confined.value.ledger.ended(confined.value.changes, changed: Set(numbers))
        }
    }

    private func withExchange(_ body: @escaping @Sendable (Exchange) async -> Void) {
        guard let exchange = life()?.exchange else { return }
        Task { await body(exchange) }
    }
}
