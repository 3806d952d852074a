public import Configuration

/// What an adapter says of itself, once: `manifest.yaml` in its folder.
///
/// ```yaml
/// name: feed
/// summary: Polls RSS, Atom and JSON feeds.
/// abilities: {receive: true, send: false}
/// classes:
///   "<feed>": A new entry of that feed.
/// settings:
///   feeds: {type: map, required: true, prose: …, settings: {url: {type: url, …}}}
/// ```
public struct AdapterManifest: Sendable {
    /// The adapter's name in routes.yaml.
    public let name: String
    /// One sentence.
    public let summary: String
    /// What it can do.
    public let abilities: Abilities
    /// The classes of its topics, with a sentence each.
    public let classes: [(pattern: String, prose: String)]
    /// The keys of its mailboxes.
    public let settings: SettingsSchema
}

/// What an adapter can do, as data: the router never asks for a platform's name.
public struct Abilities: Sendable, Hashable {
    /// Messages come in by it.
    public var receive = false
    /// Messages go out by it.
    public var send = false
    /// Programs take its messages instead of having them delivered; see ``DispatchLender``.
    public var isPulled = false
    /// It can write first, without having been written to.
    public var canInitiate = true
    /// How many dispatches of one lane it takes at once; those of one thread go one after the other anyway.
    public var laneParallelism = 1
    /// How many dispatches of the mailbox it takes at once.
    public var mailboxParallelism = 64
    /// What a platform that asks for a pause means by it.
    public var retryAfter = RetryAfterScope.lane
    /// The longest that one delivery takes before it counts as `unknown`.
    public var deliveryTimeout: Duration = .seconds(60)
    /// Its platform takes a message once, however often it is sent with the same idempotency key.
    public var deduplicates = false
    /// The most characters of text, `nil` for no limit.
    public var maximumText: Int?
    /// The text formats it renders, the best one first.
    public var formats: [String] = ["plain"]

    /// What a platform's `Retry-After` is about.
    public enum RetryAfterScope: String, Sendable, CaseIterable {
        /// The one recipient.
        case lane
        /// The account: nothing goes out by the mailbox until then.
        case mailbox
    }

    /// Creates the abilities of an adapter that can do nothing.
    public init() {}
}
