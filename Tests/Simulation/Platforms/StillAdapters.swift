import AdapterKit
import Configuration
import Messages

/// The adapter of a mailbox that only receives.
final class ReceivingAdapter: Adapter {
    static let manifest = AdapterManifest.embedded(Array("{name: receiving, summary: For the simulator.}".utf8))

    init() {}

    init(settings: SettingsObject, context: AdapterContext) throws {
        throw AdapterError.refused(reason: "the simulator makes its adapters itself")
    }
}

/// The adapter of a mailbox that programs take messages from: it delivers nothing.
final class PulledAdapter: Adapter {
    static let manifest = AdapterManifest.embedded(
        Array("{name: pulled, summary: For the simulator., abilities: {send: true, pull: true}}".utf8))

    init() {}

    init(settings: SettingsObject, context: AdapterContext) throws {
        throw AdapterError.refused(reason: "the simulator makes its adapters itself")
    }

    func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        .deferred(reason: "it waits for a program to take it", retryAfter: .seconds(1))
    }
}
