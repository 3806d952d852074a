import Markup
import Messages

/// Reads feeds of every format, told apart by what is in them and not by what the server says.
public struct FeedParser: Sendable {
    /// The most entries that are read from one document, the first ones.
    static let maximumEntries = 5_000

    /// Where the document is, after redirections: what its relative links are relative to.
    public var url: String?
    /// The character set that the server declared.
    public var charset: String?

    /// Creates a parser for a document from this place.
    public init(url: String? = nil, charset: String? = nil) {
        self.url = url
        self.charset = charset
    }

    /// Reads a document.
    ///
    /// - Throws: ``FeedError`` when it is no feed.
    public func parse(_ bytes: [UInt8]) throws(FeedError) -> FeedDocument {
        if let first = Self.firstByte(of: bytes), first == UInt8(ascii: "{") {
            return try JSONFeedReader(base: url).read(bytes)
        }
        let document: XMLDocument
        do {
            document = try XMLReader().read(bytes, charset: charset)
        } catch {
            throw .unreadable(reason: error.description)
        }
        var feed = try read(document.root, bytes)
        feed.fault = document.fault?.description
        return feed
    }

    private func read(_ root: MarkupElement, _ bytes: [UInt8]) throws(FeedError) -> FeedDocument {
        switch root.name.lowercased() {
        case "rss" where !root.all("channel", .rss).isEmpty: return RSSReader(base: url).read(root, format: .rss)
        case "rdf": return RSSReader(base: url).read(root, format: .rdf)
        case "feed" where FeedNamespace.atom03.matches(root, "feed") || root.attribute("version") == "0.3":
            return AtomReader(vocabulary: .atom03, base: url).read(root)
        case "feed", "entry": return AtomReader(vocabulary: .atom, base: url).read(root)
        case "channel":
            return RSSReader(base: url).read(MarkupElement(name: "rss", children: [.element(root)]), format: .rss)
        case "html": throw .webPage(feeds: FeedDiscovery.feeds(in: bytes, charset: charset, base: url))
        default: throw .notAFeed(root: root.name)
        }
    }

    /// The first byte that is neither white space nor part of a byte order mark.
    private static func firstByte(of bytes: [UInt8]) -> UInt8? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0).first { $0 > 0x20 }
    }
}

/// Why a document is no feed.
public enum FeedError: Error, Sendable, Hashable {
    /// It is neither XML nor JSON, or breaks a limit.
    case unreadable(reason: String)
    /// It is XML or JSON of another kind; its outermost element is this.
    case notAFeed(root: String)
    /// It is a web page that names these feeds.
    case webPage(feeds: [String])
}

extension FeedError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let reason): "this is no feed: \(reason)"
        case .notAFeed(let root): "this is no feed: its outermost element is \"\(root.prefix(60))\""
        case .webPage(let feeds) where feeds.isEmpty: "this is a web page, and it names no feed"
        case .webPage(let feeds): "this is a web page; its feeds are \(feeds.prefix(5).joined(separator: ", "))"
        }
    }
}
