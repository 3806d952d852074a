import Crypto
import Messages

/// The entries of one document, each identity once and the oldest first, and how often each link and title stands in it.
struct FeedCensus {
    private(set) var entries: [IdentifiedEntry] = []
    private(set) var links: [String: Int] = [:]
    private(set) var titles: [String: Int] = [:]

    init(_ document: [FeedEntry], now: Timestamp) throws(CryptoError) {
        var positions: [String: Int] = [:]
        // Feeds put the newest first; a stable sort keeps the reverse of that where dates do not tell.
        for entry in document.reversed() {
            guard let identity = FeedIdentity(of: entry) else { continue }
            let seen = try Self.seen(entry, identity, now: now)
            let identified = IdentifiedEntry(entry: entry, identity: identity, seen: seen)
            if let position = positions[seen.key] {
                if !Self.isOlder(entry, than: entries[position].entry) { entries[position] = identified }
            } else {
                positions[seen.key] = entries.count
                entries.append(identified)
            }
        }
        for entry in entries {
            if let link = entry.seen.link { links[link, default: 0] += 1 }
            if let title = entry.seen.title { titles[title, default: 0] += 1 }
        }
        sortByDate()
    }

    private static func seen(
        _ entry: FeedEntry, _ identity: FeedIdentity, now: Timestamp
    ) throws(CryptoError) -> SeenEntry {
        let link = try entry.link.map { link throws(CryptoError) in try FeedIdentity.digest([FeedLink.normalized(link)])
        }
        let title = entry.title.isEmpty ? nil : try FeedIdentity.digest([entry.title])
        return SeenEntry(
            key: try identity.key(), rule: identity.rule, link: link, title: title, content: try entry.contentDigest(),
            lastSeen: now)
    }

    /// Of two entries with one id the newest counts; without dates the one further up, which comes later here.
    private static func isOlder(_ entry: FeedEntry, than other: FeedEntry) -> Bool {
        guard let time = (entry.updated ?? entry.published)?.time,
            let otherTime = (other.updated ?? other.published)?.time
        else { return false }
        return time < otherTime
    }

    /// Sorts by date if every entry has one; where some have none, only the document's order says anything.
    private mutating func sortByDate() {
        let dates = entries.map { $0.entry.date?.time }
        guard !dates.contains(nil) else { return }
        entries = entries.enumerated().sorted { left, right in
            let (leftTime, rightTime) = (dates[left.offset], dates[right.offset])
            guard let leftTime, let rightTime, leftTime != rightTime else { return left.offset < right.offset }
            return leftTime < rightTime
        }.map(\.element)
    }
}
