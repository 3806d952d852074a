/// A frame of HTTP/2 (RFC 9113 §4.1) as a test sends or sees it, written without the code under test.
struct HTTP2Frame: Sendable, Hashable {
    enum Kind: UInt8 {
        case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    var type: UInt8
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []
    /// The length in the head, if it is not the payload's.
    var announced: Int?

    init(_ kind: Kind, flags: UInt8 = 0, on stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.init(type: kind.rawValue, flags: flags, on: stream, payload)
    }

    init(type: UInt8, flags: UInt8 = 0, on stream: UInt32 = 0, _ payload: [UInt8] = []) {
        self.type = type
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    var kind: Kind? { Kind(rawValue: type) }
    var isAck: Bool { flags & Self.ack != 0 }
    var endsStream: Bool { flags & Self.endStream != 0 }

    var bytes: [UInt8] {
        let length = UInt32(announced ?? payload.count)
        return Array(length.bigEndianBytes[1...]) + [type, flags] + stream.bigEndianBytes + payload
    }

    /// Takes a whole frame off the front of the bytes.
    static func take(from bytes: inout [UInt8]) -> HTTP2Frame? {
        guard bytes.count >= 9 else { return nil }
        let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
        guard bytes.count >= 9 + length else { return nil }
        let frame = HTTP2Frame(
            type: bytes[3], flags: bytes[4], on: UInt32(bigEndianBytes: bytes[5..<9]), Array(bytes[9..<9 + length]))
        bytes.removeFirst(9 + length)
        return frame
    }

    static let endStream: UInt8 = 1
    static let ack: UInt8 = 1
    static let endHeaders: UInt8 = 4
    static let padded: UInt8 = 8
    static let prioritized: UInt8 = 32
}

// MARK: - The kinds

extension HTTP2Frame {
    /// A request's header block; whole, and with no body, unless said otherwise.
    static func headers(
        _ stream: UInt32 = 1, _ block: [UInt8], flags: UInt8 = HTTP2Frame.endHeaders | HTTP2Frame.endStream
    ) -> HTTP2Frame {
        HTTP2Frame(.headers, flags: flags, on: stream, block)
    }

    /// A request without a body.
    static func get(_ stream: UInt32 = 1, _ path: String = "/") -> HTTP2Frame {
        headers(stream, HPACK.request(path: path))
    }

    /// The head of a request whose body follows.
    static func post(_ stream: UInt32 = 1, _ path: String = "/", _ fields: [(String, String)] = []) -> HTTP2Frame {
        headers(stream, HPACK.request("POST", path: path, more: fields), flags: endHeaders)
    }

    static func data(_ stream: UInt32 = 1, _ payload: [UInt8], ends: Bool = false) -> HTTP2Frame {
        HTTP2Frame(.data, flags: ends ? endStream : 0, on: stream, payload)
    }

    static func data(_ stream: UInt32 = 1, _ text: String, ends: Bool = false) -> HTTP2Frame {
        data(stream, Array(text.utf8), ends: ends)
    }

    static func settings(_ settings: (UInt16, UInt32)...) -> HTTP2Frame {
        HTTP2Frame(.settings, settings.flatMap { UInt32($0.0).bigEndianBytes[2...] + $0.1.bigEndianBytes })
    }

    static func ping(_ text: String = "pingping", flags: UInt8 = 0, on stream: UInt32 = 0) -> HTTP2Frame {
        HTTP2Frame(.ping, flags: flags, on: stream, Array(text.utf8))
    }

    static func window(_ stream: UInt32, _ increment: UInt32) -> HTTP2Frame {
        HTTP2Frame(.windowUpdate, on: stream, increment.bigEndianBytes)
    }

    static func reset(_ stream: UInt32 = 1, _ code: UInt32 = 8) -> HTTP2Frame {
        HTTP2Frame(.reset, on: stream, code.bigEndianBytes)
    }

    static func priority(_ stream: UInt32 = 1, dependsOn parent: UInt32 = 0) -> HTTP2Frame {
        HTTP2Frame(.priority, on: stream, parent.bigEndianBytes + [15])
    }

    static func goAway(last: UInt32 = 0, _ code: UInt32 = 0, on stream: UInt32 = 0) -> HTTP2Frame {
        HTTP2Frame(.goAway, on: stream, last.bigEndianBytes + code.bigEndianBytes)
    }

    static func continuation(_ stream: UInt32 = 1, _ block: [UInt8], ends: Bool = true) -> HTTP2Frame {
        HTTP2Frame(.continuation, flags: ends ? endHeaders : 0, on: stream, block)
    }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] {
        [UInt8(self >> 24), UInt8(self >> 16 & 0xFF), UInt8(self >> 8 & 0xFF), UInt8(self & 0xFF)]
    }

    init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
