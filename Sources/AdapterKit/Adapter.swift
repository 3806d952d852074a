public import Configuration
public import Messages

/// A bridge to one platform: it receives, delivers, or both.
///
/// What an adapter may rely on:
/// - ``init(settings:context:)`` is given settings that fit the manifest; nothing has been started yet.
/// - ``run()`` is called once and runs until its task is cancelled. When it throws, or returns before that, it is
///   called again after a pause that grows; ``deliver(_:)`` goes on meanwhile.
/// - ``deliver(_:)`` is called for the addresses of the mailbox, at most as often at once as the manifest allows, and
///   in the order of acceptance within a thread.
///
/// What the router relies on:
/// - An event is acknowledged to the platform only after `context.accept` has returned.
/// - ``deliver(_:)`` says `delivered` only when the platform has taken the message; a thrown error means deferred.
/// - Cancelling the task of either ends it soon.
public protocol Adapter: Sendable {
    /// The name, the classes, the abilities and the settings.
    static var manifest: AdapterManifest { get }

    /// Finds what is wrong with settings that fit the manifest, for `postroad check` and before a reload changes
    /// anything; the default finds nothing.
    ///
    /// - Throws: ``AdapterError/badSettings(_:)`` for what the manifest cannot express.
    static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError)

    /// Creates the bridge of one mailbox.
    ///
    /// - Throws: ``AdapterError/badSettings(_:)`` for what the manifest cannot express.
    init(settings: SettingsObject, context: AdapterContext) throws

    /// Receives until the task is cancelled; the default waits for that.
    func run() async throws

    /// Delivers one dispatch; the default rejects it.
    func deliver(_ dispatch: Dispatch) async throws -> Receipt
}

extension Adapter {
    /// Finds nothing: the manifest says it all.
    public static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {}

    /// Waits until the task is cancelled.
    public func run() async throws {
        try await untilCancelled()
    }

    /// Rejects the dispatch: the adapter only receives.
    public func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        .rejected(reason: "the adapter \"\(Self.manifest.name)\" only receives")
    }
}

/// Waits until the task is cancelled, then throws `CancellationError`.
public func untilCancelled() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    for await _ in stream {}
    continuation.finish()
    try Task.checkCancellation()
}

/// Why an adapter cannot be made or cannot go on.
public enum AdapterError: Error, Sendable, Hashable {
    /// The settings contradict each other; the diagnostics say where.
    case badSettings([Diagnostic])
    /// The platform refuses us, and trying again is useless until somebody changes something.
    case refused(reason: String)
}

extension AdapterError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .badSettings(let diagnostics): diagnostics.map(\.description).joined(separator: "\n")
        case .refused(let reason): reason
        }
    }
}
