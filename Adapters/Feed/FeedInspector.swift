import AdapterKit
import Clocks
import Files
public import Messages
public import Transport

/// Reads a feed once and shows what would be posted of it: `postroad feed FILE|URL`.
public struct FeedInspector: Sendable {
    private let client: HTTPClient
    private let now: Timestamp
    private let clock: FixedClock

    /// Creates an inspector; the client asks where the user says, in private networks too.
    public init(client: HTTPClient, now: Timestamp) {
        self.client = client
        self.now = now
        self.clock = FixedClock(now: now)
    }

    /// Reads the feed at a web address or in a file.
    ///
    /// - Throws: ``FeedInspectionError`` when it cannot be read or is no feed.
    public func read(_ place: String) async throws -> FeedDocument {
        let isWeb = place.hasPrefix("http://") || place.hasPrefix("https://")
        let path = place.hasPrefix("file:") ? String(place.dropFirst(place.hasPrefix("file://") ? 7 : 5)) : place
        let web = HTTPFeedClient(client: client, userAgent: "Postroad (feed reader)", allowsPrivate: true)
        let source: any FeedSource =
            isWeb
            ? WebFeedSource(client: web, clock: clock)
            : FileFeedSource(path: FilePath(path), files: .posix, limit: FeedAdapter.maximumSize)
        var state = FeedState()
        state.settle(on: place, every: .zero, now: now)
        do {
            guard let document = try await source.read(state).document else {
                throw FeedInspectionError(reason: "the server sends nothing new")
            }
            return document
        } catch let fault as FetchFault {
            throw FeedInspectionError(reason: fault.description)
        }
    }

    /// What would be posted of a feed, the oldest entry first.
    ///
    /// - Throws: `CryptoError` when there is no memory for a digest.
    public func posts(of document: FeedDocument, text: FeedTextForm = .summary) throws -> [FeedPost] {
        try FeedCensus(document.entries, now: now).entries.map { entry in
            FeedPost(entry, feedTitle: document.title, text: text, isEdit: false, now: now)
        }
    }

    /// The feed and its posts as JSON.
    ///
    /// - Throws: `CryptoError` when there is no memory for a digest.
    public func json(of document: FeedDocument, text: FeedTextForm = .summary) throws -> JSON {
        var object = JSONObject()
        object["format"] = .string(document.format.rawValue)
        object["title"] = .string(document.title)
        object["link"] = document.link.map { .string($0) }
        object["interval_seconds"] = document.hints.interval.map { .integer($0.components.seconds) }
        object["fault"] = document.fault.map { .string($0) }
        object["posts"] = .array(try posts(of: document, text: text).map(\.json))
        return .object(object)
    }
}

/// Why a feed cannot be shown.
public struct FeedInspectionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, and what to do.
    public let description: String

    init(reason: String) {
        description = reason
    }
}

/// A clock that stands still, for one look at a feed.
private struct FixedClock: WallClock {
    let now: Timestamp

    func sleep(for duration: Duration) async throws {}
}
