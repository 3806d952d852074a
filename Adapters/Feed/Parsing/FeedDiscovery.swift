import Markup

/// Finds the feeds that a web page names (RSS autodiscovery; HTML Living Standard §4.6.7.1).
enum FeedDiscovery {
    private static let types = [
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
    ]

    static func feeds(in bytes: [UInt8], charset: String?, base: String?) -> [String] {
        let html = CharacterDecoder.decodeXML(bytes, declared: charset).text
        guard let root = HTMLReader().read(html) else { return [] }
        var links: [String] = []
        collect(from: root, base: base, into: &links)
        return links
    }

    private static func collect(from element: MarkupElement, base: String?, into links: inout [String]) {
        for child in element.elements {
            if child.name == "link", isFeed(child), let link = absoluteLink(child.attribute("href"), base: base),
                !links.contains(link), links.count < 20
            {
                links.append(link)
            }
            collect(from: child, base: base, into: &links)
        }
    }

    private static func isFeed(_ link: MarkupElement) -> Bool {
        let relations = (link.attribute("rel") ?? "").lowercased().split(separator: " ")
        return relations.contains("alternate") && types.contains((link.attribute("type") ?? "").lowercased().trimmed)
    }
}
