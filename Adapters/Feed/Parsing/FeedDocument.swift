import Markup
public import Messages

/// A feed as it was read: what it says of itself, and its entries.
public struct FeedDocument: Sendable, Hashable {
    /// What kind of feed it is.
    public var format: FeedFormat
    /// Its title in one line; empty when it has none.
    public var title = ""
    /// The page it belongs to.
    public var link: String?
    /// Its entries, in document order.
    public var entries: [FeedEntry] = []
    /// What it says about how often to ask.
    public var hints = FeedHints()
    /// The first fault that was mended in reading, with its line.
    public var fault: String?

    /// Creates a feed without entries.
    public init(format: FeedFormat) {
        self.format = format
    }
}

/// A kind of feed.
public enum FeedFormat: String, Sendable, Hashable, CaseIterable {
    /// RSS 0.91 to 2.0: one tree.
    case rss
    /// RSS 0.90 and 1.0: RDF, with the items beside the channel.
    case rdf
    /// Atom 1.0 (RFC 4287).
    case atom
    /// Atom 0.3, a draft that is still in use.
    case atom03
    /// JSON Feed 1.0 and 1.1.
    case json
}

/// What a feed says about how often to ask.
public struct FeedHints: Sendable, Hashable {
    /// RSS's `ttl`, or syndication's period over its frequency: not before this time has passed.
    public var interval: Duration?
    /// Hours of the day, in UTC, in which not to ask.
    public var skippedHours: Set<Int> = []
    /// Days of the week, 0 for Sunday, in which not to ask.
    public var skippedDays: Set<Int> = []
    /// JSON Feed's `expired`: there will never be anything new.
    public var isFinished = false

    /// Creates hints that say nothing.
    public init() {}
}

/// An entry of a feed.
public struct FeedEntry: Sendable, Hashable {
    /// The feed's own id of it, trimmed; empty ids are none.
    public var id: String?
    /// The page it is about, absolute where that can be told.
    public var link: String?
    /// Its title in one line; empty when it has none.
    public var title = ""
    /// The short text.
    public var summary: FeedText?
    /// The whole text.
    public var content: FeedText?
    /// When it was published.
    public var published: FeedDate?
    /// When it was changed last.
    public var updated: FeedDate?
    /// The names of those who wrote it.
    public var authors: [String] = []
    /// Its tags.
    public var tags: [String] = []
    /// Its files, in document order.
    public var enclosures: [FeedEnclosure] = []

    /// Creates an empty entry.
    public init() {}

    /// When it was written, as far as the feed says.
    var date: FeedDate? { published?.time == nil ? updated ?? published : published }

    /// Whether there is nothing in it that could be shown.
    var isEmpty: Bool {
        title.isEmpty && link == nil && summary == nil && content == nil && enclosures.isEmpty
    }
}

/// A date in a feed: as it stands there, and what it means.
public struct FeedDate: Sendable, Hashable {
    /// The text in the feed.
    public var text: String
    /// What it means; `nil` when that cannot be told.
    public var time: Timestamp?

    /// Reads a date.
    public init(_ text: String) {
        self.text = text
        self.time = FeedDates.parse(text)
    }
}

/// A file that belongs to an entry.
public struct FeedEnclosure: Sendable, Hashable {
    /// Where it is.
    public var url: String
    /// Its media type, when the feed says.
    public var mediaType: String?
    /// Its size in bytes; feeds often say 0 or something wrong.
    public var size: Int64?

    /// Creates an enclosure.
    public init(url: String, mediaType: String? = nil, size: Int64? = nil) {
        self.url = url
        self.mediaType = mediaType
        self.size = size
    }
}
