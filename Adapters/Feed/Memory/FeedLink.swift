import Markup

/// Links for comparison: what two spellings of the same link have in common.
enum FeedLink {
    /// The part of a link that counts: no scheme when that is http or https, no default port, fragment or tracking
    /// parameters, and the host in lower case.
    ///
    /// It is not a link to follow.
    static func normalized(_ link: String) -> String {
        let link = WebReference.escaped(link)
        guard let scheme = WebReference.scheme(of: link), scheme == "http" || scheme == "https" else { return link }
        var rest = link.dropFirst(scheme.count + 1)
        guard rest.hasPrefix("//") else { return link }
        rest = rest.dropFirst(2).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest[authority.endIndex...]
        let path = tail.prefix { $0 != "?" }
        let query = parameters(of: tail[path.endIndex...].dropFirst())
        return "//\(host(authority, scheme: scheme))\(path.isEmpty ? "/" : path)\(query.isEmpty ? "" : "?\(query)")"
    }

    /// The address without a user and a password in it, which must not get into the links of entries.
    static func withoutUser(_ url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return url }
        let authority = url[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return url }
        return String(url[..<start] + url[url.index(after: at)...])
    }

    private static func host(_ authority: Substring, scheme: String) -> String {
        let host = authority.lowercased()
        let port = scheme == "http" ? ":80" : ":443"
        return host.hasSuffix(port) ? String(host.dropLast(port.count)) : host
    }

    private static func parameters(of query: Substring) -> String {
        query.split(separator: "&").filter { parameter in
            let name = parameter.prefix { $0 != "=" }.lowercased()
            return !name.hasPrefix("utm_") && !["fbclid", "gclid"].contains(name)
        }.joined(separator: "&")
    }
}
