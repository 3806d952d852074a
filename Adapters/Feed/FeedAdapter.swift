public import AdapterKit
public import Configuration
import Files
import Messages

/// Polls RSS, Atom and JSON feeds and posts their new entries; see `README.md` in this folder.
public struct FeedAdapter: Adapter, Resettable {
    /// The largest document that is read, in bytes.
    static let maximumSize = 10 << 20
    /// The longest that one request takes.
    static let timeout = Duration.seconds(30)

    /// What `manifest.yaml` says.
    public static let manifest = AdapterManifest.embedded(PackageResources.manifest_yaml)

    private let pollers: [FeedPoller]

    /// Finds what is wrong with settings that fit the manifest.
    public static func check(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        _ = try FeedSettings(settings)
    }

    /// Creates the bridge of one mailbox.
    ///
    /// - Throws: ``AdapterError/badSettings(_:)`` for an address that is neither of the web nor of a file.
    public init(settings: SettingsObject, context: AdapterContext) throws {
        let settings = try FeedSettings(settings)
        let board = FeedBoard(context.health, feeds: settings.feeds.map(\.name))
        let client = HTTPFeedClient(
            client: context.client, userAgent: settings.userAgent, allowsPrivate: settings.allowsPrivate)
        pollers = settings.feeds.map { feed in
            let source: any FeedSource =
                switch feed.place {
                case .web: WebFeedSource(client: client, clock: context.clock)
                case .file(let path): FileFeedSource(path: path, files: .posix, limit: Self.maximumSize)
                }
            return FeedPoller(feed: feed, source: source, context: context, board: board, bell: FeedBell())
        }
    }

    /// Polls every feed until the task is cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for poller in pollers { group.addTask { try await poller.run() } }
            try await group.waitForAll()
        }
        try await untilCancelled()
    }

    /// Polls every feed at once, those that are gone as well.
    public func reset() async {
        for poller in pollers { poller.bell.ring() }
    }
}

extension AdapterContext {
    /// A number from 0 to below 1, from the random bits of a message id, which come from the router's own source.
    func chance() -> Double {
        Double(makeMessageID().low & 0xFFFF_FFFF) / 4_294_967_296
    }
}
