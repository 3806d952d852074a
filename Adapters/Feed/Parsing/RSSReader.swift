import Markup
import Messages

/// Reads RSS: 0.91 to 2.0, and the RDF ones, whose items stand beside the channel.
struct RSSReader {
    let base: String?

    func read(_ root: MarkupElement, format: FeedFormat) -> FeedDocument {
        var feed = FeedDocument(format: format)
        let channel = root.first("channel", .rss) ?? root
        let outer = root.base(within: base)
        let inner = channel.base(within: outer)
        feed.title = channel.string("title", .rss).flatMap { FeedText(guessing: $0, base: nil)?.singleLine } ?? ""
        feed.link = absoluteLink(channel.string("link", .rss), base: inner)
        feed.hints = hints(of: channel)
        // Some feeds put items into the channel and beside it.
        let items = root.first("channel", .rss).map { $0.all("item", .rss).map { ($0, inner) } } ?? []
        let others = root.all("item", .rss).map { ($0, outer) }
        feed.entries = (items + others).prefix(FeedParser.maximumEntries).map { entry($0, base: $1) }
        return feed
    }

    private func entry(_ item: MarkupElement, base outer: String?) -> FeedEntry {
        let base = item.base(within: outer)
        var entry = FeedEntry()
        let about = item.attribute("about", namespace: "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
        entry.id = item.string("guid", .rss) ?? about?.trimmedOrNil ?? item.string("id", .atom)
        entry.link = link(of: item, base: base)
        let title = item.string("title", .rss) ?? item.string("title", .media) ?? item.string("title", .dublinCore)
        entry.title = title.flatMap { FeedText(guessing: $0, base: nil)?.singleLine } ?? ""
        entry.summary = text(
            item, [("description", .rss), ("description", .dublinCore), ("summary", .itunes)], base: base)
        entry.content = text(item, [("encoded", .content), ("fullitem", .rss), ("body", .xhtml)], base: base)
        let published =
            item.string("pubDate", .rss) ?? item.string("date", .dublinCore) ?? item.string("published", .atom)
        entry.published = published.map(FeedDate.init)
        entry.updated = (item.string("updated", .atom) ?? item.string("modified", .terms)).map(FeedDate.init)
        entry.authors = authors(of: item)
        entry.tags =
            (item.all("category", .rss) + item.all("subject", .dublinCore)).compactMap(\.text.trimmedOrNil).distinct
        entry.enclosures = enclosures(of: item, base: base)
        return entry
    }

    /// The item's link; or its guid, which is one unless it says otherwise (RSS 2.0, `guid`).
    private func link(of item: MarkupElement, base: String?) -> String? {
        for link in item.all("link", .rss) {
            if let reference = link.text.trimmedOrNil ?? link.attribute("href")?.trimmedOrNil {
                return absoluteLink(reference, base: link.base(within: base))
            }
        }
        let alternate = item.all("link", .atom).first { ($0.attribute("rel") ?? "alternate") == "alternate" }
        if let link = absoluteLink(alternate?.attribute("href"), base: base) { return link }
        guard let guid = item.first("guid", .rss), guid.attribute("isPermaLink")?.lowercased().trimmed != "false",
            let reference = guid.text.trimmedOrNil,
            ["http", "https"].contains(WebReference.scheme(of: reference) ?? "")
        else { return nil }
        return WebReference.escaped(reference)
    }

    private func text(_ item: MarkupElement, _ names: [(String, FeedNamespace)], base: String?) -> FeedText? {
        for (name, namespace) in names {
            guard let element = item.first(name, namespace) else { continue }
            let inner = element.base(within: base)
            // Markup that nobody escaped is there as elements.
            if element.elements.first(where: { _ in true }) != nil { return .tree(element.withoutNames, base: inner) }
            if let text = FeedText(guessing: element.text, base: inner) { return text }
        }
        return nil
    }

    private func authors(of item: MarkupElement) -> [String] {
        let creators = item.all("creator", .dublinCore).compactMap(\.text.trimmedOrNil)
        if !creators.isEmpty { return creators.distinct }
        let authors = item.all("author", .rss).compactMap { $0.text.trimmedOrNil ?? $0.string("name", .rss) }
        if !authors.isEmpty { return authors.map(FeedAuthor.name(in:)).distinct }
        return item.all("author", .itunes).compactMap(\.text.trimmedOrNil).distinct
    }

    private func enclosures(of item: MarkupElement, base: String?) -> [FeedEnclosure] {
        let groups = item.all("group", .media)
        let elements = item.all("enclosure", .rss) + ([item] + groups).flatMap { $0.all("content", .media) }
        var enclosures: [FeedEnclosure] = []
        for element in elements {
            guard let url = absoluteLink(element.attribute("url"), base: base),
                !enclosures.contains(where: { $0.url == url })
            else { continue }
            let size = (element.attribute("length") ?? element.attribute("fileSize")).flatMap { Int64($0.trimmed) }
            enclosures.append(
                FeedEnclosure(
                    url: url, mediaType: element.attribute("type")?.trimmedOrNil,
                    size: size.flatMap { $0 > 0 ? $0 : nil }))
        }
        return enclosures
    }

    private func hints(of channel: MarkupElement) -> FeedHints {
        var hints = FeedHints()
        if let minutes = channel.string("ttl", .rss).flatMap({ Int($0) }), (1...525_600).contains(minutes) {
            hints.interval = .seconds(minutes * 60)
        } else {
            hints.interval = syndicationInterval(of: channel)
        }
        let hours = channel.first("skipHours", .rss)?.all("hour", .rss).compactMap { Int($0.text.trimmed) } ?? []
        // Some write 24 for midnight.
        hints.skippedHours = Set(hours.filter { (0...24).contains($0) }.map { $0 % 24 })
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        let days = channel.first("skipDays", .rss)?.all("day", .rss).map {
            String($0.text.trimmed.lowercased().prefix(3))
        }
        hints.skippedDays = Set((days ?? []).compactMap(names.firstIndex(of:)))
        return hints
    }

    /// `sy:updatePeriod` over `sy:updateFrequency`, which are `daily` and 1 when only one is given.
    private func syndicationInterval(of channel: MarkupElement) -> Duration? {
        let period = channel.string("updatePeriod", .syndication)
        let frequency = channel.string("updateFrequency", .syndication).flatMap { Int($0) }
        guard period != nil || frequency != nil else { return nil }
        let hours = ["hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8_760]
        let length = hours[(period ?? "daily").lowercased()] ?? 24
        return .seconds(length * 3_600 / max(1, min(frequency ?? 1, 3_600)))
    }
}
