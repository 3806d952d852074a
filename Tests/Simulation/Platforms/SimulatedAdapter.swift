import AdapterKit
import Configuration
import Engine
import Messages

/// The adapter of a simulated platform: it dies with the router, the platform does not.
final class SimulatedAdapter: Adapter {
    static let manifest = AdapterManifest.embedded(Array("{name: simulated, summary: For the simulator.}".utf8))

    private let platform: Confined<Platform>
    private let limits: MailboxLimits
    private let ledger: Confined<Ledger>
    private let life: Confined<Life>

    init(platform: Platform, limits: MailboxLimits, ledger: Ledger, life: Life) {
        self.limits = limits
        self.platform = Confined(platform)
        self.ledger = Confined(ledger)
        self.life = Confined(life)
    }

    init(settings: SettingsObject, context: AdapterContext) throws {
        throw AdapterError.refused(reason: "the simulator makes its adapters itself")
    }

    func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        let life = life.value
        guard life.isAlive else { throw CancellationError() }
        let attempt = ledger.value.begin(dispatch, life: life)
        enter(dispatch.recipient, life)
        defer { leave(dispatch.recipient, life) }
        guard await life.canReadBlobs(of: dispatch.envelope) else {
            ledger.value.lost("a file of dispatch \(dispatch.number) cannot be read")
            throw AdapterError.refused(reason: "a file is missing")
        }
        try await life.clock.sleep(for: platform.value.outward())
        guard life.isAlive else { throw CancellationError() }
        switch platform.value.answer(attempt) {
        case .receipt(let receipt, let way):
            try await life.clock.sleep(for: way)
            guard life.isAlive else { throw CancellationError() }
            ledger.value.answer(attempt, receipt)
            if case .delivered(let ids, _) = receipt, !ids.isEmpty { platform.value.said(attempt, ids) }
            return receipt
        case .failure:
            ledger.value.answer(attempt, .deferred(reason: "thrown", retryAfter: nil))
            throw AdapterError.refused(reason: "the adapter failed")
        case .silence:
            try await life.clock.sleep(for: .seconds(86_400))
            throw CancellationError()
        }
    }

    // MARK: How many at once

    private func enter(_ recipient: Address, _ life: Life) {
        for (name, limit) in bounds(of: recipient) {
            life.underWay[name, default: 0] += 1
            let count = life.underWay[name, default: 0]
            guard count > limit else { continue }
            ledger.value.excess("pace", "\(count) attempts at once for \(name), of which \(limit) may be")
        }
    }

    private func leave(_ recipient: Address, _ life: Life) {
        for (name, _) in bounds(of: recipient) { life.underWay[name, default: 0] -= 1 }
    }

    private func bounds(of recipient: Address) -> [(name: String, limit: Int)] {
        [(recipient.platform, limits.concurrency), (recipient.description, limits.laneParallelism)]
    }
}
