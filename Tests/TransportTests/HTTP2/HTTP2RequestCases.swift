/// The error cases of RFC 9113 §8: what a request must look like.
enum HTTP2RequestCases {
    private static let malformed = HTTP2Case.Outcome.streamError(.protocolError)

    private static func with(_ fields: (String, String)...) -> HTTP2Frame { .headers(HPACK.request(more: fields)) }
    private static func only(_ fields: (String, String)...) -> HTTP2Frame { .headers(HPACK.block(fields)) }

    static let fields = [
        HTTP2Case("a name in upper case", malformed, with(("Accept", "*/*"))),
        HTTP2Case("an empty name", malformed, with(("", "x"))),
        HTTP2Case("a space in a name", malformed, with(("a b", "x"))),
        HTTP2Case("a colon in a name", malformed, with(("a:b", "x"))),
        HTTP2Case("a control character in a name", malformed, with(("a\u{1}", "x"))),
        HTTP2Case("a line feed in a value", malformed, with(("a", "x\ny: z"))),
        HTTP2Case("a carriage return in a value", malformed, with(("a", "x\ry"))),
        HTTP2Case("a zero in a value", malformed, with(("a", "x\u{0}y"))),
        HTTP2Case("a space in front of a value", malformed, with(("a", " x"))),
        HTTP2Case("a tab behind a value", malformed, with(("a", "x\t"))),
        HTTP2Case("an empty value", .status("200"), with(("a", ""))),
        HTTP2Case("a value beyond ASCII", .status("200"), with(("a", "Grüße"))),
        HTTP2Case("Connection", malformed, with(("connection", "keep-alive"))),
        HTTP2Case("Keep-Alive", malformed, with(("keep-alive", "timeout=5"))),
        HTTP2Case("Proxy-Connection", malformed, with(("proxy-connection", "keep-alive"))),
        HTTP2Case("Transfer-Encoding", malformed, with(("transfer-encoding", "chunked"))),
        HTTP2Case("Upgrade", malformed, with(("upgrade", "websocket"))),
        HTTP2Case("TE of something", malformed, with(("te", "gzip"))),
        HTTP2Case("TE of trailers", .status("200"), with(("te", "trailers"))),
    ]

    static let pseudo = [
        HTTP2Case("an unknown pseudo-header field", malformed, .headers(HPACK.field(":foo", "x") + HPACK.request())),
        HTTP2Case("one of responses", malformed, .headers(HPACK.field(":status", "200") + HPACK.request())),
        HTTP2Case("one behind a field", malformed, with(("a", "b"), (":path", "/"))),
        HTTP2Case(
            "the method behind a field", malformed,
            .headers(HPACK.request(nil, more: [("a", "b"), (":method", "GET")]))),
        HTTP2Case("the method twice", malformed, .headers(HPACK.field(":method", "GET") + HPACK.request())),
        HTTP2Case("the path twice", malformed, .headers(HPACK.field(":path", "/") + HPACK.request())),
        HTTP2Case("the scheme twice", malformed, .headers(HPACK.field(":scheme", "http") + HPACK.request())),
        HTTP2Case("the authority twice", malformed, .headers(HPACK.field(":authority", "x") + HPACK.request())),
        HTTP2Case("no method", malformed, .headers(HPACK.request(nil))),
        HTTP2Case("no scheme", malformed, .headers(HPACK.request(scheme: nil))),
        HTTP2Case("no path", malformed, .headers(HPACK.request(path: nil))),
        HTTP2Case("an empty path", malformed, .headers(HPACK.request(path: ""))),
        HTTP2Case("a path without a slash", malformed, .headers(HPACK.request(path: "x"))),
        HTTP2Case("an asterisk for GET", malformed, .headers(HPACK.request(path: "*"))),
        HTTP2Case("an asterisk for OPTIONS", .status("200"), .headers(HPACK.request("OPTIONS", path: "*"))),
        HTTP2Case("neither authority nor host", malformed, .headers(HPACK.request(authority: nil))),
        HTTP2Case("no fields at all", malformed, .headers([])),
        HTTP2Case("a method that is no token", malformed, .headers(HPACK.request("GE T"))),
    ]

    /// What HTTP/1.1 answers with 400 too.
    static let refused = [
        HTTP2Case("another host than the authority", .status("400"), with(("host", "y"))),
        HTTP2Case(
            "the host twice", malformed, .headers(HPACK.request(authority: nil, more: [("host", "x"), ("host", "x")]))),
        HTTP2Case("the authority as the host", .status("200"), with(("host", "x"))),
        HTTP2Case("the host alone", .status("200"), .headers(HPACK.request(authority: nil, more: [("host", "x")]))),
        HTTP2Case("a user in the authority", .status("400"), .headers(HPACK.request(authority: "me@x"))),
        HTTP2Case("another scheme", .status("400"), .headers(HPACK.request(scheme: "ftp"))),
        HTTP2Case("a fragment", .status("400"), .get("/#a")),
        HTTP2Case("a broken escape", .status("400"), .get("/%zz")),
        HTTP2Case("an escape that is no UTF-8", .status("400"), .get("/%ff")),
        HTTP2Case("an escaped zero", .status("400"), .get("/%00")),
        HTTP2Case("a way up", .status("400"), .get("/a/../b")),
        HTTP2Case("an escaped way up", .status("400"), .get("/a/%2e%2E/b")),
        HTTP2Case("an unknown expectation", .status("417"), with(("expect", "wonders"))),
        HTTP2Case("a head beyond the limit", .status("431"), large(40_000)),
    ]

    private static func large(_ size: Int) -> [HTTP2Frame] {
        let block = HPACK.request(more: [("a", String(repeating: "x", count: size))])
        return [
            .headers(Array(block[..<16_000]), flags: HTTP2Frame.endStream),
            .continuation(Array(block[16_000..<32_000]), ends: false), .continuation(Array(block[32_000...])),
        ]
    }

    static let bodies = [
        HTTP2Case(
            "a body of its length", .status("200"), .post(1, "/", [("content-length", "3")]), .data("abc", ends: true)),
        HTTP2Case(
            "a body shorter than its length", malformed,
            .post(1, "/", [("content-length", "3")]), .data("ab", ends: true)),
        HTTP2Case(
            "a body longer than its length", malformed,
            .post(1, "/", [("content-length", "3")]), .data("abcd", ends: true)),
        HTTP2Case("no body in spite of a length", malformed, with(("content-length", "3"))),
        HTTP2Case(
            "two lengths", malformed,
            .post(1, "/", [("content-length", "3"), ("content-length", "3")]), .data("abc", ends: true)),
        HTTP2Case("a length that is no number", malformed, .post(1, "/", [("content-length", "+3")])),
        HTTP2Case(
            "a trailer", .status("200"),
            .post(), .data("abc"), .headers(HPACK.field("x-sum", "1"))),
        HTTP2Case(
            "a trailer that does not end the stream", malformed,
            .post(), .data("abc"), .headers(HPACK.field("x-sum", "1"), flags: HTTP2Frame.endHeaders)),
        HTTP2Case(
            "a pseudo-header field in a trailer", malformed,
            .post(), .data("abc"), .headers(HPACK.field(":path", "/"))),
        HTTP2Case(
            "a trailer behind too short a body", malformed,
            .post(1, "/", [("content-length", "3")]), .data("ab"), .headers(HPACK.field("x-sum", "1"))),
    ]

    static let tunnels = [
        HTTP2Case(
            "CONNECT", .status("400"), .headers(HPACK.request("CONNECT", scheme: nil, path: nil, authority: "x:1"))),
        HTTP2Case("CONNECT with a path", malformed, .headers(HPACK.request("CONNECT", scheme: nil))),
        HTTP2Case(
            "CONNECT to nowhere", malformed,
            .headers(HPACK.request("CONNECT", scheme: nil, path: nil, authority: nil))),
        HTTP2Case(
            "a protocol without CONNECT", malformed, .headers(HPACK.field(":protocol", "websocket") + HPACK.request())),
        HTTP2Case(
            "CONNECT for an unknown protocol", .status("501"),
            .headers(HPACK.field(":protocol", "soup") + HPACK.request("CONNECT"))),
        HTTP2Case(
            "CONNECT for a protocol without a path", malformed,
            .headers(HPACK.field(":protocol", "websocket") + HPACK.request("CONNECT", path: nil))),
    ]
}
