import Markup

/// The vocabularies that feeds are made of, each under the URIs it is seen with.
enum FeedNamespace: CaseIterable {
    case rss, atom, atom03, content, dublinCore, terms, media, itunes, syndication, xhtml

    private var uris: [String] {
        switch self {
        case .rss:
            [
                "", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/",
                "http://channel.netscape.com/rdf/simple/0.9/", "http://my.netscape.com/publish/formats/rss-0.91.dtd",
                "http://backend.userland.com/rss2", "http://backend.userland.com/rss", "http://purl.org/net/rss1.1#",
                "http://blogs.law.harvard.edu/tech/rss", "http://www.rssboard.org/rss-specification",
            ]
        case .atom: ["http://www.w3.org/2005/Atom", "https://www.w3.org/2005/Atom"]
        case .atom03: ["http://purl.org/atom/ns#"]
        case .content: ["http://purl.org/rss/1.0/modules/content/"]
        case .dublinCore: ["http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/"]
        case .terms: ["http://purl.org/dc/terms/"]
        case .media: ["http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"]
        case .itunes: ["http://www.itunes.com/dtds/podcast-1.0.dtd"]
        case .syndication: ["http://purl.org/rss/1.0/modules/syndication/"]
        case .xhtml: ["http://www.w3.org/1999/xhtml"]
        }
    }

    /// The URI it should have.
    var uri: String { uris[0] }

    /// The prefix that everybody uses, for feeds that forget to declare it.
    private var prefix: String {
        switch self {
        case .rss: ""
        case .atom, .atom03: "atom:"
        case .content: "content:"
        case .dublinCore: "dc:"
        case .terms: "dcterms:"
        case .media: "media:"
        case .itunes: "itunes:"
        case .syndication: "sy:"
        case .xhtml: "xhtml:"
        }
    }

    /// Whether an element is this word of the vocabulary; RSS is written in any case.
    func matches(_ element: MarkupElement, _ name: String) -> Bool {
        if element.namespace.isEmpty, self != .rss {
            return element.name.utf8.count == prefix.utf8.count + name.utf8.count && element.name == prefix + name
        }
        guard element.name.utf8.count == name.utf8.count,
            self == .rss ? element.name.lowercased() == name.lowercased() : element.name == name
        else { return false }
        return Self.byURI[element.namespace] == self
    }

    private static let byURI: [String: FeedNamespace] = {
        var namespaces: [String: FeedNamespace] = [:]
        for namespace in allCases {
            for uri in namespace.uris { namespaces[uri] = namespace }
        }
        return namespaces
    }()
}

extension MarkupElement {
    /// The children that are this word of the vocabulary, in document order.
    func all(_ name: String, _ namespace: FeedNamespace) -> [MarkupElement] {
        elements.filter { namespace.matches($0, name) }
    }

    /// The first child that is this word of the vocabulary.
    func first(_ name: String, _ namespace: FeedNamespace) -> MarkupElement? {
        elements.first { namespace.matches($0, name) }
    }

    /// The text of the first such child that has any, trimmed.
    func string(_ name: String, _ namespace: FeedNamespace) -> String? {
        for element in elements where namespace.matches(element, name) {
            if let text = element.text.trimmedOrNil { return text }
        }
        return nil
    }

    /// What relative links in this element are relative to, by its `xml:base` (XML Base §4).
    func base(within outer: String?) -> String? {
        guard let own = attribute("base", namespace: "http://www.w3.org/XML/1998/namespace")?.trimmedOrNil else {
            return outer
        }
        return outer.flatMap { WebReference.resolve(own, against: $0) } ?? WebReference.escaped(own)
    }
}

/// Makes a link absolute where there is a base to do it with.
func absoluteLink(_ reference: String?, base: String?) -> String? {
    guard let reference = reference?.trimmedOrNil else { return nil }
    return base.flatMap { WebReference.resolve(reference, against: $0) } ?? WebReference.escaped(reference)
}
