import Markup
import Messages

/// Reads JSON Feed 1.0 and 1.1.
struct JSONFeedReader {
    let base: String?

    func read(_ bytes: [UInt8]) throws(FeedError) -> FeedDocument {
        let json: JSON
        do {
            json = try JSON(parsing: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        } catch {
            throw .unreadable(reason: error.description)
        }
        guard json["version"]?.string?.contains("jsonfeed.org/version/") == true else {
            throw .notAFeed(root: "a JSON object without JSON Feed's version")
        }
        var feed = FeedDocument(format: .json)
        feed.title = json["title"]?.string.map { FeedText.plain($0).singleLine } ?? ""
        feed.link = absoluteLink(json["home_page_url"]?.string, base: base)
        feed.hints.isFinished = json["expired"]?.bool ?? false
        let authors = authors(of: json)
        feed.entries = (json["items"]?.array ?? []).prefix(FeedParser.maximumEntries).map { entry($0, authors) }
        return feed
    }

    private func entry(_ item: JSON, _ feedAuthors: [String]) -> FeedEntry {
        var entry = FeedEntry()
        entry.id = id(item["id"])
        entry.link = absoluteLink(item["url"]?.string ?? item["external_url"]?.string, base: base)
        entry.title = item["title"]?.string.map { FeedText.plain($0).singleLine } ?? ""
        entry.summary = item["summary"]?.string?.trimmedOrNil.map { .plain($0) }
        entry.content =
            item["content_html"]?.string?.trimmedOrNil.map { .html($0, base: entry.link ?? base) }
            ?? item["content_text"]?.string?.trimmedOrNil.map { .plain($0) }
        entry.published = item["date_published"]?.string?.trimmedOrNil.map(FeedDate.init)
        entry.updated = item["date_modified"]?.string?.trimmedOrNil.map(FeedDate.init)
        let own = authors(of: item)
        entry.authors = own.isEmpty ? feedAuthors : own
        entry.tags = (item["tags"]?.array ?? []).compactMap { $0.string?.trimmedOrNil }.distinct
        entry.enclosures = (item["attachments"]?.array ?? []).compactMap { enclosure($0) }.distinct
        return entry
    }

    /// An id is a string; numbers are taken as such (JSON Feed 1.1, `id`).
    private func id(_ value: JSON?) -> String? {
        switch value {
        case .string(let text): text.trimmedOrNil
        case .integer(let number): String(number)
        case .number(let number): String(number)
        default: nil
        }
    }

    private func authors(of object: JSON) -> [String] {
        let list = object["authors"]?.array ?? object["author"].map { [$0] } ?? []
        return list.compactMap { $0["name"]?.string?.trimmedOrNil ?? $0["url"]?.string?.trimmedOrNil }.distinct
    }

    private func enclosure(_ attachment: JSON) -> FeedEnclosure? {
        guard let url = absoluteLink(attachment["url"]?.string, base: base) else { return nil }
        let size = attachment["size_in_bytes"]?.integer.flatMap { $0 > 0 ? $0 : nil }
        return FeedEnclosure(url: url, mediaType: attachment["mime_type"]?.string?.trimmedOrNil, size: size)
    }
}
