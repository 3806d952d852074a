import Crypto

/// What makes an entry the same entry on the next poll.
public struct FeedIdentity: Sendable, Hashable {
    /// How the identity was found; the first that the entry has is taken.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The feed's own id: `guid`, `rdf:about`, `id`.
        case id
        /// The link, normalised.
        case link
        /// The first file's address.
        case enclosure
        /// The title and the date.
        case titleAndDate = "title_date"
        /// The title and the text.
        case titleAndContent = "title_content"
    }

    /// How it was found.
    public let rule: Rule
    /// What was found; compared byte by byte.
    public let value: String

    /// Finds what identifies an entry; `nil` when there is nothing in it.
    init?(of entry: FeedEntry) {
        if let id = entry.id?.trimmedOrNil {
            (rule, value) = (.id, id)
        } else if let link = entry.link {
            (rule, value) = (.link, FeedLink.normalized(link))
        } else if let enclosure = entry.enclosures.first {
            (rule, value) = (.enclosure, FeedLink.normalized(enclosure.url))
        } else if !entry.title.isEmpty, let date = entry.published?.text {
            (rule, value) = (.titleAndDate, "\(entry.title)\u{0}\(date)")
        } else if !entry.isEmpty {
            let text = (entry.content ?? entry.summary)?.source ?? ""
            (rule, value) = (.titleAndContent, "\(entry.title)\u{0}\(text)")
        } else {
            return nil
        }
    }

    /// The identity in 32 characters, the same for the same rule and value.
    func key() throws(CryptoError) -> String {
        try Self.digest([rule.rawValue, value])
    }

    /// A digest of texts, in 32 hexadecimal digits.
    static func digest(_ texts: [String]) throws(CryptoError) -> String {
        try String(SHA256.digest(of: Array(texts.joined(separator: "\u{0}").utf8)).hex.prefix(32))
    }
}

extension FeedEntry {
    /// A digest of all that readers see of it, to tell an edit.
    func contentDigest() throws(CryptoError) -> String {
        let texts = [title, link ?? "", summary?.source ?? "", content?.source ?? ""]
        return try FeedIdentity.digest(texts + enclosures.map(\.url))
    }
}
