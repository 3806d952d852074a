/// Which fields may stand behind a body (RFC 9110 §6.5.1).
enum HTTPTrailers {
    /// Tells whether a field of this name means something in a trailer: those that frame, route, authenticate or select
    /// had to stand in front.
    static func allow(_ name: String) -> Bool {
        !forbidden.contains { HTTPFields.isEqual($0, name) }
    }

    private static let forbidden = [
        "authorization", "cache-control", "connection", "content-encoding", "content-length", "content-range",
        "content-type", "cookie", "expect", "forwarded", "host", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "keep-alive", "max-forwards", "pragma", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "range", "set-cookie", "te", "trailer", "transfer-encoding",
        "upgrade", "www-authenticate", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
    ]
}
