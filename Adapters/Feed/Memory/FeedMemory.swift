import Crypto
import Messages

/// Tells what is new in a feed from what was there before.
///
/// Pure: what to store comes back with the news.
///
/// An entry is known by its identity, wherever in the feed it stands and however long it was away. When its identity is
/// found by another rule than before (a feed that begins to write ids), its link tells. When nearly all identities of a
/// feed are new at once though it was read a short while ago, the feed has changed how it makes ids: then links and
/// titles tell, as far as they are one entry's alone.
struct FeedMemory {
    /// How long an entry is remembered after it was last in the feed.
    static let retention = Duration.seconds(60 * 86_400)
    /// How many entries are remembered of one feed; beyond it those that were away longest are forgotten.
    static let maximumEntries = 20_000
    /// How often one entry is posted as edited.
    static let maximumEdits = 10
    /// Being there is noted once a day, so that a poll without news writes nothing.
    private static let noteInterval = Duration.seconds(86_400)

    private var known: [String: SeenEntry]
    private var links: [String: [String]] = [:]
    private var titles: [String: [String]] = [:]

    init(_ entries: [SeenEntry]) {
        known = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in entries {
            if let link = entry.link { links[link, default: []].append(entry.key) }
            if let title = entry.title { titles[title, default: []].append(entry.key) }
        }
    }

    /// Takes in a document.
    ///
    /// - Parameters:
    ///   - entries: The entries in document order.
    ///   - now: The time of the poll.
    ///   - isContinuous: Whether the feed was read a short while ago, so that most of it should be known.
    /// - Returns: What is new, and what to remember and to forget.
    /// - Throws: `CryptoError` when there is no memory for a digest.
    mutating func take(_ entries: [FeedEntry], now: Timestamp, isContinuous: Bool) throws(CryptoError) -> FeedNews {
        let document = try FeedCensus(entries, now: now)
        var news = FeedNews()
        var strangers: [IdentifiedEntry] = []
        for entry in document.entries {
            if let seen = known[entry.seen.key] {
                note(entry, knownAs: seen, in: &news)
            } else if let link = entry.seen.link, document.links[link] == 1,
                links[link]?.contains(where: { known[$0]?.rule != entry.seen.rule }) == true
            {
                news.changes.append(entry.seen)
            } else {
                strangers.append(entry)
            }
        }
        let isSuspicious =
            isContinuous && document.entries.count >= 5 && strangers.count * 5 > document.entries.count * 4
        for entry in strangers {
            if isSuspicious, isRenamed(entry, in: document) {
                news.changes.append(entry.seen)
            } else {
                news.fresh.append(entry)
            }
        }
        news.renamed = isSuspicious ? strangers.count - news.fresh.count : 0
        news.forgotten = forgotten(except: Set(document.entries.map(\.seen.key)), now: now)
        return news
    }

    private func note(_ entry: IdentifiedEntry, knownAs seen: SeenEntry, in news: inout FeedNews) {
        var current = entry.seen
        current.edits = seen.edits
        if seen.content != current.content {
            if seen.edits < Self.maximumEdits {
                current.edits += 1
                news.edited.append(IdentifiedEntry(entry: entry.entry, identity: entry.identity, seen: current))
            }
            news.changes.append(current)
        } else if current.lastSeen - seen.lastSeen >= Self.noteInterval {
            news.changes.append(current)
        }
    }

    /// Whether an entry was there under another identity: its link is one entry's alone, or else its title is.
    private func isRenamed(_ entry: IdentifiedEntry, in document: FeedCensus) -> Bool {
        if let link = entry.seen.link, document.links[link] == 1 { return links[link]?.count == 1 }
        if let title = entry.seen.title, document.titles[title] == 1 { return titles[title]?.count == 1 }
        return false
    }

    private func forgotten(except present: Set<String>, now: Timestamp) -> [String] {
        let absent = known.values.filter { !present.contains($0.key) }
        var keys = absent.filter { now - $0.lastSeen > Self.retention }.map(\.key)
        let excess = known.count - keys.count - Self.maximumEntries
        if excess > 0 {
            let kept = absent.filter { now - $0.lastSeen <= Self.retention }
            keys += kept.sorted { ($0.lastSeen, $0.key) < ($1.lastSeen, $1.key) }.prefix(excess).map(\.key)
        }
        return keys.sorted()
    }
}

/// What a poll brought.
struct FeedNews {
    /// Entries that were never seen, the oldest first.
    var fresh: [IdentifiedEntry] = []
    /// Entries that readers see other than before, the oldest first.
    var edited: [IdentifiedEntry] = []
    /// What to remember of the entries that are known and have changed.
    var changes: [SeenEntry] = []
    /// The keys of what need not be remembered any longer.
    var forgotten: [String] = []
    /// How many entries were there before under another id, because the feed has changed how it makes them.
    var renamed = 0
}

/// An entry, what identifies it, and what will be remembered of it.
struct IdentifiedEntry: Sendable {
    let entry: FeedEntry
    let identity: FeedIdentity
    var seen: SeenEntry
}
