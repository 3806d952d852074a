import AdapterKit
import Configuration
import Messages

/// The adapter of a simulated platform: it dies with the router, the platform does not.
final class SimulatedAdapter: Adapter {
    static let manifest = AdapterManifest.embedded(Array("{name: simulated, summary: For the simulator.}".utf8))

    private let platform: Confined<Platform>
    private let ledger: Confined<Ledger>
    private let life: Confined<Life>

    init(platform: Platform, ledger: Ledger, life: Life) {
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
        try await life.clock.sleep(for: platform.value.outward())
        guard life.isAlive else { throw CancellationError() }
        switch platform.value.answer(attempt) {
        case .receipt(let receipt, let way):
            try await life.clock.sleep(for: way)
            guard life.isAlive else { throw CancellationError() }
            ledger.value.answer(attempt, receipt)
            return receipt
        case .failure:
            ledger.value.answer(attempt, .deferred(reason: "thrown", retryAfter: nil))
            throw AdapterError.refused(reason: "the adapter failed")
        case .silence:
            try await life.clock.sleep(for: .seconds(86_400))
            throw CancellationError()
        }
    }
}
