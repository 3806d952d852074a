/// Which pages may open a WebSocket (RFC 6455 §10.2): a browser sends cookies along, whatever the page.
///
/// A client that sends no `Origin` is no browser, and is let in by all of these.
public enum WebSocketOrigins: Sendable, Hashable {
    /// Pages of the same host and port as in the request's `Host` field.
    case same
    /// Pages of the same host, and those of these origins: `https://example.org`.
    case sameOr([String])
    /// All pages; for endpoints that need no cookie to trust a client.
    case any

    func allows(_ head: HTTPRequestHead) -> Bool {
        let origins = head.headers.values("origin")
        guard let origin = origins.first else { return true }
        guard origins.count == 1 else { return false }
        switch self {
        case .any: return true
        case .same: return Self.isSame(origin, head)
        case .sameOr(let others):
            return Self.isSame(origin, head) || others.contains { HTTPFields.isEqual($0, origin) }
        }
    }

    /// Compares the host and the port; the scheme that a proxy in front was asked by may be unknown here.
    private static func isSame(_ origin: String, _ head: HTTPRequestHead) -> Bool {
        guard let host = head.headers["host"] else { return false }
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")]
        where origin.utf8.count > scheme.utf8.count && HTTPFields.isEqual(origin.prefix(scheme.count), scheme) {
            return HTTPFields.isEqual(without(port, origin.dropFirst(scheme.count)), without(port, host[...]))
        }
        return false
    }

    private static func without(_ port: String, _ authority: Substring) -> Substring {
        authority.hasSuffix(port) ? authority.dropLast(port.count) : authority
    }
}
