public import AdapterKit
public import Configuration
import Logging
public import Transport

/// Takes messages from programs: `POST /v1/messages` and `POST /in/<mailbox>/<class>`.
///
/// The path `/v1/messages` is shared by all mailboxes of this adapter; a request belongs to the one whose token it has.
public struct HTTPAdapter: EndpointProviding {
    /// What `manifest.yaml` says.
    public static let manifest = AdapterManifest.embedded(PackageResources.manifest_yaml)

    /// The endpoints.
    public let endpoints: [HTTPRoute]
    private let context: AdapterContext
    private let isOpen: Bool

    /// Finds what is wrong with settings that fit the manifest.
    public static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        _ = try HTTPSettings(settings, mailbox: mailbox)
    }

    /// Creates the adapter of one mailbox.
    ///
    /// - Throws: `AdapterError.badSettings` for tokens and keys that cannot be used.
    public init(settings: SettingsObject, context: AdapterContext) throws {
        let settings = try HTTPSettings(settings, mailbox: context.mailbox)
        let intake = try MessageIntake(settings: settings, context: context)
        self.context = context
        isOpen = settings.local != nil
        let limit = settings.bodyLimit
        endpoints = [
            try HTTPRoute(.post, "/v1/messages", bodyLimit: limit) { await intake.takeMessages($0) },
            // Less specific, so it is asked after every mailbox has passed the request on.
            try HTTPRoute(.post, "/{version}/messages", bodyLimit: limit) { MessageIntake.refuseUnclaimed($0) },
            try HTTPRoute(.post, "/in/\(context.mailbox)/{class...}", bodyLimit: limit, streamsBody: true) {
                await intake.takeEvent($0)
            },
        ]
    }

    /// Says who may send, and waits.
    public func run() async throws {
        if isOpen {
            context.logger.warning(
                "mailbox without tokens",
                ["takes": "only programs of this machine", "sender": "\(context.mailbox):local"])
        }
        context.health.report(.working(detail: isOpen ? "for programs of this machine only" : nil))
        try await untilCancelled()
    }
}
