import Markup
import Messages

/// Reads Atom 1.0 (RFC 4287) and 0.3, a feed or a single entry.
struct AtomReader {
    let vocabulary: FeedNamespace
    let base: String?

    init(vocabulary: FeedNamespace, base: String?) {
        self.vocabulary = vocabulary
        self.base = base
    }

    func read(_ root: MarkupElement) -> FeedDocument {
        // A feed that forgot its namespace is read as if it had it.
        guard root.namespace != "" else { return read(root.inNamespace(of: vocabulary)) }
        var feed = FeedDocument(format: vocabulary == .atom ? .atom : .atom03)
        let inner = root.base(within: base)
        guard root.name == "feed" else {
            feed.entries = [entry(root, base: base, feedAuthors: [])]
            return feed
        }
        feed.title = text(root, "title", base: inner)?.singleLine ?? ""
        feed.link = link(of: root, base: inner)
        let feedAuthors = authors(of: root)
        feed.entries = root.all("entry", vocabulary).prefix(FeedParser.maximumEntries).map {
            entry($0, base: inner, feedAuthors: feedAuthors)
        }
        return feed
    }

    private func entry(_ element: MarkupElement, base outer: String?, feedAuthors: [String]) -> FeedEntry {
        let base = element.base(within: outer)
        var entry = FeedEntry()
        entry.id = element.string("id", vocabulary)
        entry.link = link(of: element, base: base)
        entry.title = text(element, "title", base: base)?.singleLine ?? ""
        entry.summary = text(element, "summary", base: base)
        entry.content = text(element, "content", base: base)
        entry.published = first(element, ["published", "issued", "created"]).map(FeedDate.init)
        entry.updated = first(element, ["updated", "modified"]).map(FeedDate.init)
        let own = authors(of: element)
        let source = element.first("source", vocabulary).map(authors(of:)) ?? []
        entry.authors = own.isEmpty ? (source.isEmpty ? feedAuthors : source) : own
        entry.tags = tags(of: element)
        entry.enclosures = enclosures(of: element, base: base)
        return entry
    }

    private func first(_ element: MarkupElement, _ names: [String]) -> String? {
        names.lazy.compactMap { element.string($0, vocabulary) }.first
    }

    /// The link without a relation, or with `alternate`; one to a page goes before others (RFC 4287 §4.2.7.2).
    private func link(of element: MarkupElement, base: String?) -> String? {
        let links = element.all("link", vocabulary).filter {
            ["alternate", "http://www.iana.org/assignments/relation/alternate"].contains(
                $0.attribute("rel") ?? "alternate")
        }
        let page = links.first { ($0.attribute("type") ?? "text/html").hasPrefix("text/html") } ?? links.first
        guard let page else { return nil }
        return absoluteLink(page.attribute("href"), base: page.base(within: base))
    }

    private func enclosures(of element: MarkupElement, base: String?) -> [FeedEnclosure] {
        var enclosures: [FeedEnclosure] = []
        for link in element.all("link", vocabulary) where link.attribute("rel") == "enclosure" {
            guard let url = absoluteLink(link.attribute("href"), base: link.base(within: base)) else { continue }
            let size = link.attribute("length").flatMap { Int64($0.trimmed) }.flatMap { $0 > 0 ? $0 : nil }
            enclosures.append(FeedEnclosure(url: url, mediaType: link.attribute("type")?.trimmedOrNil, size: size))
        }
        // Content elsewhere is a file like any other (RFC 4287 §4.1.3.2).
        if let content = element.first("content", vocabulary),
            let url = absoluteLink(content.attribute("src"), base: content.base(within: base))
        {
            enclosures.append(FeedEnclosure(url: url, mediaType: content.attribute("type")?.trimmedOrNil))
        }
        return enclosures.distinct
    }

    private func authors(of element: MarkupElement) -> [String] {
        let names = element.all("author", vocabulary).compactMap { author in
            author.string("name", vocabulary) ?? author.string("email", vocabulary) ?? author.string("uri", vocabulary)
        }
        return (names.isEmpty ? element.all("creator", .dublinCore).compactMap(\.text.trimmedOrNil) : names).distinct
    }

    private func tags(of element: MarkupElement) -> [String] {
        let terms = element.all("category", vocabulary).compactMap { category in
            category.attribute("term")?.trimmedOrNil ?? category.attribute("label")?.trimmedOrNil
        }
        return (terms + element.all("subject", .dublinCore).compactMap(\.text.trimmedOrNil)).distinct
    }

    /// A text construct (RFC 4287 §3.1) or content (§4.1.3); media that are no text give `nil`.
    private func text(_ parent: MarkupElement, _ name: String, base: String?) -> FeedText? {
        guard let element = parent.first(name, vocabulary), element.attribute("src") == nil else { return nil }
        let inner = element.base(within: base)
        switch AtomTextType(of: element, isAtom03: vocabulary == .atom03) {
        case .plain: return element.text.trimmedOrNil.map(FeedText.flowing)
        case .html: return element.text.trimmedOrNil.map { .html($0, base: inner) }
        case .tree:
            // The one div around XHTML belongs to the construct, and its base counts.
            let division = element.first("div", .xhtml) ?? element.elements.first { $0.name == "div" }
            let root = (division ?? element).withoutNames
            return root.text.trimmedOrNil == nil && root.children.isEmpty
                ? nil : .tree(root, base: division?.base(within: inner) ?? inner)
        case .other: return nil
        }
    }
}

/// How an Atom text is to be read.
private enum AtomTextType {
    case plain, html, tree, other

    init(of element: MarkupElement, isAtom03: Bool) {
        let type = (element.attribute("type") ?? "text").lowercased().trimmed
        if isAtom03, let mode = element.attribute("mode")?.lowercased(), mode != "escaped" {
            self =
                mode == "xml" && type.hasSuffix("html") || type.hasSuffix("xhtml+xml")
                ? .tree : mode == "xml" ? .plain : .other
            return
        }
        switch type {
        case "", "text", "text/plain": self = .plain
        case "html", "text/html": self = .html
        case "xhtml", "application/xhtml+xml": self = .tree
        case _ where type.hasPrefix("text/"): self = .plain
        case _ where type.hasSuffix("/xml") || type.hasSuffix("+xml"): self = .plain
        default: self = .other
        }
    }
}
