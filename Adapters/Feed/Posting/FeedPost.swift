import Markup
public import Messages

/// What is posted of an entry, complete, so that it can wait in the store until there is room for it.
public struct FeedPost: Sendable, Hashable {
    /// The most characters of a subject that is made of a text, for entries without a title.
    static let maximumSubject = 100

    /// The key of the entry's identity.
    public var key: String
    /// How the entry was identified.
    public var rule: FeedIdentity.Rule
    /// The digest of the new content for an edit, `nil` for a new entry.
    public var edit: String?
    /// The title in one line.
    public var subject: String
    /// The text, in Markdown, with the link.
    public var text: String
    /// When it was written, never in the future.
    public var time: Timestamp
    /// The name of the author, when there is one.
    public var author: String?
    /// What else is known of it.
    public var meta: JSONObject

    /// Makes a post of an entry.
    init(_ identified: IdentifiedEntry, feedTitle: String, text form: FeedTextForm, isEdit: Bool, now: Timestamp) {
        let entry = identified.entry
        key = identified.seen.key
        rule = identified.identity.rule
        edit = isEdit ? identified.seen.content : nil
        let body = form.text(of: entry)?.markdown ?? ""
        subject = Self.subject(of: entry)
        text = Self.text(body, link: entry.link, title: entry.title)
        time = FeedDates.clamped(entry.date?.time, now: now)
        author = entry.authors.isEmpty ? nil : entry.authors.joined(separator: ", ")
        meta = Self.meta(of: entry, feedTitle: feedTitle, rule: identified.identity)
    }

    private static func subject(of entry: FeedEntry) -> String {
        guard entry.title.isEmpty else { return entry.title }
        let text = (entry.summary ?? entry.content)?.singleLine ?? entry.link ?? entry.enclosures.first?.url ?? ""
        guard text.count > maximumSubject else { return text }
        let start = text.prefix(maximumSubject - 1)
        // Cut between words, unless a word is very long or the language has no spaces.
        let cut = start.lastIndex(of: " ").map { start[..<$0] } ?? start
        return "\(cut.count > maximumSubject / 2 ? cut : start)…"
    }

    /// The body and after it the link, unless the body has it already.
    private static func text(_ body: String, link: String?, title: String) -> String {
        guard let link, !body.contains(link) else { return body.isEmpty ? HTMLText.markdown(ofPlainText: title) : body }
        // An autolink ends at a space or a bracket, and only absolute links are one (CommonMark §6.5).
        let isWeb = link.hasPrefix("http://") || link.hasPrefix("https://")
        let shown = isWeb ? "<\(link)>" : link
        return body.isEmpty ? shown : "\(body)\n\n\(shown)"
    }

    private static func meta(of entry: FeedEntry, feedTitle: String, rule identity: FeedIdentity) -> JSONObject {
        var meta = JSONObject()
        meta["link"] = entry.link.map { .string($0) }
        if !entry.authors.isEmpty { meta["author"] = .string(entry.authors.joined(separator: ", ")) }
        if !entry.tags.isEmpty { meta["tags"] = .array(entry.tags.map { .string($0) }) }
        meta["published"] = (entry.published ?? entry.updated).map { .string($0.time?.description ?? $0.text) }
        if let updated = entry.updated, entry.published != nil {
            meta["updated"] = .string(updated.time?.description ?? updated.text)
        }
        if !feedTitle.isEmpty { meta["feed_title"] = .string(feedTitle) }
        meta["entry_id"] = entry.id.map { .string($0) }
        meta["identified_by"] = .string(identity.rule.rawValue)
        if !entry.enclosures.isEmpty { meta["enclosures"] = .array(entry.enclosures.prefix(20).map(\.json)) }
        return meta
    }
}

extension FeedEnclosure {
    /// The file as `meta.enclosures` has it.
    var json: JSON {
        var object = JSONObject()
        object["url"] = .string(url)
        object["media_type"] = mediaType.map { .string($0) }
        object["size"] = size.map { .integer($0) }
        return .object(object)
    }
}
