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
        case .release(let pick): apply(.release, .release, pick)
        case .retry(let pick): apply(.retry, .retry, pick)
        case .drop(let pick): apply(.drop(reason: "by hand"), .drop, pick)
        case .pause(let mailbox): withExchange { try? await $0.setPaused(true, mailbox: mailbox) }
        case .goOn(let mailbox): withExchange { try? await $0.setPaused(false, mailbox: mailbox) }
        case .reset(let mailbox): withExchange { try? await $0.reset(mailbox: mailbox) }
        }
    }

    /// Lets everything go on that a person holds up.
    func clear() {
        for mailbox in World.sendingMailboxes { perform(.goOn(mailbox: mailbox)) }
        let confined = Confined(ledger)
        withExchange { exchange in
            var filter = DispatchFilter()
            filter.states = [.held]
            guard let held = try? await exchange.spool.list(filter, before: nil, limit: 10_000) else { return }
            let changes = confined.value.began(.release, on: held.map(\.number))
            let changed = try? await exchange.apply(.release, to: filter, by: "operator", isDryRun: false)
            confined.value.ended(changes, changed: Set((changed ?? []).map(\.number)))
        }
    }

    private func apply(_ action: DispatchAction, _ kind: OperatorChange.Kind, _ pick: Int) {
        let known = ledger.letters.flatMap { $0.acceptances.flatMap { $0.recipients.map(\.dispatch) } }
        guard let life = life(), life.exchange != nil, !known.isEmpty else { return }
        var filter = DispatchFilter()
        filter.numbers = [known[pick % known.count], known[pick / 7 % known.count]]
        let changes = ledger.began(kind, on: filter.numbers.sorted())
        let confined = Confined((ledger: ledger, changes: changes, life: life))
        withExchange { [filter] exchange in
            guard let changed = try? await exchange.apply(action, to: filter, by: "operator", isDryRun: false),
                confined.value.life.isAlive
            else { return }
            confined.value.ledger.ended(confined.value.changes, changed: Set(changed.map(\.number)))
        }
    }

    private func withExchange(_ body: @escaping @Sendable (Exchange) async -> Void) {
        guard let exchange = life()?.exchange else { return }
        Task { await body(exchange) }
    }
}
