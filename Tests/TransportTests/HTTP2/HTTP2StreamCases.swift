/// The error cases of RFC 9113 §5: what may come in which state of a stream.
enum HTTP2StreamCases {
    static let idle = [
        HTTP2Case("DATA", .connectionError(.protocolError), .data("x")),
        HTTP2Case("RST_STREAM", .connectionError(.protocolError), .reset()),
        HTTP2Case("WINDOW_UPDATE", .connectionError(.protocolError), .window(1, 100)),
        HTTP2Case("CONTINUATION", .connectionError(.protocolError), .continuation([])),
        HTTP2Case("PRIORITY", .accepted, .priority()),
        HTTP2Case("PRIORITY of a stream that is used later", .status("200", on: 3), .priority(5), .get(3)),
    ]

    /// The client has ended its side, and waits.
    static let halfClosed = [
        HTTP2Case("DATA", .connectionError(.streamClosed), .get("/wait"), .data("x")),
        HTTP2Case("HEADERS", .connectionError(.streamClosed), .get("/wait"), .get("/wait")),
        HTTP2Case("CONTINUATION", .connectionError(.protocolError), .get("/wait"), .continuation([])),
        HTTP2Case("WINDOW_UPDATE", .accepted, .get("/wait"), .window(1, 100)),
        HTTP2Case("PRIORITY", .accepted, .get("/wait"), .priority()),
        HTTP2Case("RST_STREAM", .accepted, .get("/wait"), .reset()),
    ]

    /// The client has given the stream up.
    static let closed = [
        HTTP2Case("DATA", .accepted, .post(1, "/wait"), .reset(), .data("x")),
        HTTP2Case("HEADERS", .connectionError(.streamClosed), .get("/wait"), .reset(), .get("/wait")),
        HTTP2Case("CONTINUATION", .connectionError(.protocolError), .get("/wait"), .reset(), .continuation([])),
        HTTP2Case("WINDOW_UPDATE", .accepted, .get("/wait"), .reset(), .window(1, 100)),
        HTTP2Case("RST_STREAM", .accepted, .get("/wait"), .reset(), .reset()),
        HTTP2Case("PRIORITY", .accepted, .get("/wait"), .reset(), .priority()),
    ]

    static let numbers = [
        HTTP2Case("a number that skips some", .status("200", on: 101), .get(101)),
        HTTP2Case("an even number", .connectionError(.protocolError), .get(2)),
        HTTP2Case("a number smaller than the last", .connectionError(.protocolError), .get(5), .get(3)),
        HTTP2Case(
            "more streams than allowed", .streamError(.refusedStream, on: 9), [1, 3, 5, 7, 9].map { .get($0, "/wait") }),
        HTTP2Case(
            "a stream after one has ended", .status("200", on: 9),
            [1, 3, 5, 7].map { .get($0, "/wait") } + [.reset(1), .get(9)]),
        HTTP2Case(
            "a stream that depends on itself", .connectionError(.protocolError),
            .headers(
                [0, 0, 0, 1, 15] + HPACK.request(),
                flags: HTTP2Frame.endHeaders | HTTP2Frame.endStream | HTTP2Frame.prioritized)),
        HTTP2Case("PRIORITY that depends on itself", .accepted, .priority(1, dependsOn: 1)),
    ]
}
