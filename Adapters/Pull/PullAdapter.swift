public import AdapterKit
public import Configuration
public import Messages
public import Transport

/// Keeps messages for programs that come and take them: `jobs:resize` is a queue of its own in the mailbox `jobs`.
///
/// Nothing is delivered by this adapter: its messages wait in the spool, and a lease is the attempt.
public struct PullAdapter: EndpointProviding {
    /// What `manifest.yaml` says.
    public static let manifest = AdapterManifest.embedded(PackageResources.manifest_yaml)

    /// The endpoints.
    public let endpoints: [HTTPRoute]
    private let context: AdapterContext
    private let isOpen: Bool

    /// Finds what is wrong with settings that fit the manifest.
    public static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        _ = try PullSettings(settings)
    }

    /// Creates the adapter of one mailbox.
    ///
    /// - Throws: `AdapterError.badSettings` for tokens that cannot be used.
    public init(settings: SettingsObject, context: AdapterContext) throws {
        let settings = try PullSettings(settings)
        self.context = context
        isOpen = settings.isOpen
        endpoints = try LeaseEndpoints(settings: settings, context: context).routes
    }

    /// Says who may take messages, and waits.
    public func run() async throws {
        context.health.report(.working(detail: isOpen ? "for programs of this machine only" : nil))
        try await untilCancelled()
    }

    /// Defers what was on its way when the mailbox became one to be pulled from: it waits for a program then.
    public func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        .deferred(reason: "it waits for a program to take it", retryAfter: .seconds(1))
    }
}
