public import AdapterKit
import Clocks
public import Configuration
public import Messages
public import Transport

/// Keeps messages to anybody (`inbox:ann`, `inbox:bo`), and shows them in the browser at `/inbox`.
///
/// All mailboxes of this adapter share the page: each answers for its own messages and passes on what is not its own.
public struct InboxAdapter: EndpointProviding {
    /// What `manifest.yaml` says.
    public static let manifest = AdapterManifest.embedded(PackageResources.manifest_yaml)

    /// The endpoints.
    public let endpoints: [HTTPRoute]
    let store: InboxStore
    private let context: AdapterContext

    /// Creates the adapter of one mailbox.
    ///
    /// - Throws: `CryptoError` when the page cannot be hashed.
    public init(settings: SettingsObject, context: AdapterContext) throws {
        store = InboxStore(
            state: context.state, limit: max(1, settings.integer("keep")), logger: context.logger)
        self.context = context
        endpoints = try InboxRoutes(store: store, context: context, page: InboxPage()).routes
    }

    /// Waits; open pages are told when it ends.
    public func run() async throws {
        context.health.report(.working(detail: "at /inbox"))
        do {
            try await untilCancelled()
        } catch {
            await store.close()
            throw error
        }
    }

    /// Keeps the message.
    public func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        let message = InboxMessage(
            id: dispatch.idempotencyKey, recipient: dispatch.recipient, delivered: context.clock.now,
            envelope: dispatch.envelope)
        try await store.insert(message)
        return .delivered(remoteIDs: [message.id], detail: "kept")
    }
}
