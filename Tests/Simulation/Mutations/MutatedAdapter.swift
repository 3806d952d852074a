import AdapterKit
import Configuration
import Messages

/// An adapter with a fault.
final class MutatedAdapter: Adapter {
    static let manifest = SimulatedAdapter.manifest

    private let adapter: any Adapter
    private let mutation: Mutation

    init(_ adapter: any Adapter, _ mutation: Mutation) {
        self.adapter = adapter
        self.mutation = mutation
    }

    init(settings: SettingsObject, context: AdapterContext) throws {
        throw AdapterError.refused(reason: "the simulator makes its adapters itself")
    }

    func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        if mutation == .deliversTwice {
            _ = try await adapter.deliver(dispatch)
            return try await adapter.deliver(dispatch)
        }
        if mutation == .showsBodies, dispatch.attempt == 1 {
            throw AdapterError.refused(reason: "cannot send \(dispatch.envelope.text)")
        }
        if mutation == .showsSecrets, dispatch.attempt == 1 {
            throw AdapterError.refused(reason: "https://platform.example/?token=\(World.secret) is gone")
        }
        return try await adapter.deliver(
            Dispatch(
                number: dispatch.number, envelope: dispatch.envelope, recipient: dispatch.recipient,
                idempotencyKey: mutation == .changesIdempotencyKey
                    ? "\(dispatch.idempotencyKey)-\(dispatch.attempt)" : dispatch.idempotencyKey,
                attempt: dispatch.attempt,
                remoteInReplyTo: dispatch.remoteInReplyTo))
    }
}
