/// The error cases of RFC 9113 §4 and §6: what a frame must look like.
enum HTTP2FrameCases {
    private static let block = HPACK.request()
    private static let whole = HTTP2Frame.endHeaders | HTTP2Frame.endStream

    static let format = [
        HTTP2Case("a frame of unknown type is ignored", .accepted, HTTP2Frame(type: 0xEE, flags: 0xFF, [1, 2, 3])),
        HTTP2Case(
            "a frame of unknown type on a stream is ignored", .status("200"),
            .post(), HTTP2Frame(type: 0xEE, on: 1, [1]), .data("x", ends: true)),
        HTTP2Case("unknown flags are ignored", .accepted, .ping("12345678", flags: 0xFE)),
        HTTP2Case(
            "the reserved bit of a stream's number is ignored", .status("200"),
            HTTP2Frame(.headers, flags: whole, on: 0x8000_0001, block)),
        HTTP2Case(
            "a frame of the largest size", .status("200"),
            .post(), .data([UInt8](repeating: 120, count: 16_384), ends: true)),
        HTTP2Case(
            "DATA beyond the largest size", .connectionError(.frameSizeError),
            .post(), .data([UInt8](repeating: 120, count: 16_385), ends: true)),
        HTTP2Case(
            "HEADERS beyond the largest size", .connectionError(.frameSizeError),
            .headers([UInt8](repeating: 0, count: 16_385))),
        HTTP2Case(
            "an unknown frame beyond the largest size", .connectionError(.frameSizeError),
            HTTP2Frame(type: 0xEE, [UInt8](repeating: 0, count: 16_385))),
    ]

    static let compression = [
        HTTP2Case("index 0", .connectionError(.compressionError), .headers(block + [0x80])),
        HTTP2Case("an index beyond the tables", .connectionError(.compressionError), .headers(block + [0xFF, 0x7F])),
        HTTP2Case("a literal that is cut off", .connectionError(.compressionError), .headers(block + [0, 5, 0x61])),
        HTTP2Case(
            "a table larger than allowed", .connectionError(.compressionError), .headers([0x3F, 0xE2, 0x1F] + block)),
        HTTP2Case(
            "a change of the table behind a field", .connectionError(.compressionError), .headers(block + [0x20])),
        HTTP2Case(
            "bad padding of Huffman's code", .connectionError(.compressionError),
            .headers(block + [0, 0x81, 0x00, 1, 0x61])),
        HTTP2Case(
            "the end symbol in Huffman's code", .connectionError(.compressionError),
            .headers(block + [0, 1, 0x61, 0x84, 0xFF, 0xFF, 0xFF, 0xFF])),
        HTTP2Case(
            "an integer without end", .connectionError(.compressionError),
            .headers(block + [0, 0x7F] + [UInt8](repeating: 0xFF, count: 20))),
    ]

    static let sizes = [
        HTTP2Case("a short PING", .connectionError(.frameSizeError), .ping("1234567")),
        HTTP2Case("a long PING", .connectionError(.frameSizeError), .ping("123456789")),
        HTTP2Case(
            "a short RST_STREAM", .connectionError(.frameSizeError), .post(), HTTP2Frame(.reset, on: 1, [0, 0, 8])),
        HTTP2Case("SETTINGS of odd length", .connectionError(.frameSizeError), HTTP2Frame(.settings, [0, 4, 0, 0, 1])),
        HTTP2Case(
            "an acknowledgement of SETTINGS with a payload", .connectionError(.frameSizeError),
            HTTP2Frame(.settings, flags: HTTP2Frame.ack, [0, 4, 0, 0, 1, 0])),
        HTTP2Case("a short WINDOW_UPDATE", .connectionError(.frameSizeError), HTTP2Frame(.windowUpdate, [0, 0, 1])),
        HTTP2Case(
            "a long WINDOW_UPDATE", .connectionError(.frameSizeError), HTTP2Frame(.windowUpdate, [0, 0, 0, 1, 0])),
        HTTP2Case("a short PRIORITY", .connectionError(.frameSizeError), HTTP2Frame(.priority, on: 1, [0, 0, 0, 0])),
        HTTP2Case("a short GOAWAY", .connectionError(.frameSizeError), HTTP2Frame(.goAway, [0, 0, 0, 0])),
        HTTP2Case(
            "HEADERS too short for their priority", .connectionError(.frameSizeError),
            .headers([0, 0], flags: whole | HTTP2Frame.prioritized)),
        HTTP2Case(
            "DATA padded beyond their end", .connectionError(.protocolError),
            .post(), HTTP2Frame(.data, flags: HTTP2Frame.padded, on: 1, [5, 1, 2])),
        HTTP2Case(
            "DATA with padding alone", .status("200"),
            .post(), HTTP2Frame(.data, flags: HTTP2Frame.padded | HTTP2Frame.endStream, on: 1, [2, 0, 0])),
        HTTP2Case(
            "HEADERS padded beyond their end", .connectionError(.protocolError),
            .headers([UInt8(block.count) + 1] + block, flags: whole | HTTP2Frame.padded)),
        HTTP2Case(
            "HEADERS with padding", .status("200"),
            .headers([3] + block + [0, 0, 0], flags: whole | HTTP2Frame.padded)),
    ]

    static let settings = [
        HTTP2Case("an unknown setting is ignored", .accepted, .settings((0xFFFF, 7))),
        HTTP2Case("SETTINGS on a stream", .connectionError(.protocolError), HTTP2Frame(.settings, on: 1)),
        HTTP2Case("ENABLE_PUSH of 2", .connectionError(.protocolError), .settings((2, 2))),
        HTTP2Case("a window of 2^31", .connectionError(.flowControlError), .settings((4, 0x8000_0000))),
        HTTP2Case("frames smaller than 2^14", .connectionError(.protocolError), .settings((5, 16_383))),
        HTTP2Case("frames of 2^24", .connectionError(.protocolError), .settings((5, 16_777_216))),
        HTTP2Case("the last of several values counts", .accepted, .settings((4, 5), (4, 65_535))),
        HTTP2Case("NO_RFC7540_PRIORITIES of 2", .connectionError(.protocolError), .settings((9, 2))),
    ]

    static let control = [
        HTTP2Case(
            "PUSH_PROMISE of a client", .connectionError(.protocolError),
            .post(), HTTP2Frame(.pushPromise, flags: HTTP2Frame.endHeaders, on: 1, [0, 0, 0, 2] + block)),
        HTTP2Case("PING on a stream", .connectionError(.protocolError), .ping(on: 1)),
        HTTP2Case("an answer to no PING", .accepted, .ping(flags: HTTP2Frame.ack)),
        HTTP2Case("GOAWAY on a stream", .connectionError(.protocolError), .goAway(on: 1)),
        HTTP2Case("PRIORITY on stream 0", .connectionError(.protocolError), .priority(0)),
        HTTP2Case("RST_STREAM on stream 0", .connectionError(.protocolError), .reset(0)),
        HTTP2Case("DATA on stream 0", .connectionError(.protocolError), .data(0, "x")),
        HTTP2Case("HEADERS on stream 0", .connectionError(.protocolError), .get(0)),
        HTTP2Case("CONTINUATION on stream 0", .connectionError(.protocolError), .continuation(0, block)),
    ]

    static let windows = [
        HTTP2Case("no increment for the connection", .connectionError(.protocolError), .window(0, 0)),
        HTTP2Case("no increment for a stream", .connectionError(.protocolError), .get("/wait"), .window(1, 0)),
        HTTP2Case(
            "more credit for the connection than there is", .connectionError(.flowControlError),
            .window(0, 0x7FFF_FFFF)),
        HTTP2Case(
            "more credit for a stream than there is", .streamError(.flowControlError),
            .get("/wait"), .window(1, 0x7FFF_FFFF)),
        HTTP2Case(
            "a setting that raises a stream's credit beyond all bounds", .streamError(.flowControlError),
            .get("/wait"), .window(1, 0x7FFF_0000), .settings((4, 0x7FFF_FFFF))),
        HTTP2Case(
            "credit as large as can be", .accepted, .get("/wait"), .window(1, 0x7FFF_0000), .window(0, 0x7FFF_0000)),
        HTTP2Case(
            "more of a body than its credit", .streamError(.flowControlError),
            [.post(1, "/stream/wait")] + [1, 1, 1, 1, 1].map { .data($0, filler(16_384)) }),
        HTTP2Case(
            "more of all bodies than the connection's credit", .connectionError(.flowControlError),
            [1, 3, 5].map { .post($0, "/stream/wait") } + [1, 3, 5, 1, 3, 5, 1].map { .data($0, filler(16_384)) }),
    ]

    private static func filler(_ count: Int) -> [UInt8] { [UInt8](repeating: 120, count: count) }

    static let continuations = [
        HTTP2Case(
            "a block in three pieces", .status("200"),
            .headers(Array(block[..<5]), flags: HTTP2Frame.endStream), .continuation(Array(block[5..<9]), ends: false),
            .continuation(Array(block[9...]))),
        HTTP2Case(
            "a block with an empty end", .status("200"),
            .headers(block, flags: HTTP2Frame.endStream), .continuation([])),
        HTTP2Case("CONTINUATION of nothing", .connectionError(.protocolError), .continuation(block)),
        HTTP2Case("CONTINUATION behind a whole block", .connectionError(.protocolError), .post(), .continuation(block)),
        HTTP2Case(
            "CONTINUATION on another stream", .connectionError(.protocolError),
            .headers(block, flags: HTTP2Frame.endStream), .continuation(3, [])),
        HTTP2Case(
            "a PING within a block", .connectionError(.protocolError),
            .headers(block, flags: HTTP2Frame.endStream), .ping(), .continuation([])),
        HTTP2Case(
            "an unknown frame within a block", .connectionError(.protocolError),
            .headers(block, flags: HTTP2Frame.endStream), HTTP2Frame(type: 0xEE), .continuation([])),
        HTTP2Case(
            "DATA within a block", .connectionError(.protocolError),
            .headers(block, flags: 0), .data("x"), .continuation([])),
        HTTP2Case(
            "HEADERS within a block", .connectionError(.protocolError),
            .headers(block, flags: HTTP2Frame.endStream), .get(3), .continuation([])),
    ]
}

extension HTTP2Frame {
    static func headers(_ block: [UInt8], flags: UInt8 = endHeaders | endStream) -> HTTP2Frame {
        headers(1, block, flags: flags)
    }

    static func data(_ payload: [UInt8], ends: Bool = false) -> HTTP2Frame { data(1, payload, ends: ends) }
    static func data(_ text: String, ends: Bool = false) -> HTTP2Frame { data(1, text, ends: ends) }
    static func get(_ path: String) -> HTTP2Frame { get(1, path) }
    static func continuation(_ block: [UInt8], ends: Bool = true) -> HTTP2Frame { continuation(1, block, ends: ends) }
}
