/// Puts messages together from the pieces of frames, and sees to the rules of RFC 6455 §5 and RFC 7692 §6.
///
/// No I/O and no clock; between messages it holds no memory, but the window that was agreed to be kept.
struct WebSocketAssembler {
    /// What a frame has completed.
    enum Event {
        case message(WebSocketMessage)
        case ping([UInt8])
        case pong([UInt8])
        /// The other end closes; nil when it gave no code.
        case close(WebSocketClose?)
    }

    /// Tells whether the other end is a client, whose frames must be masked.
    private let isServer: Bool
    private let limit: Int
    private let deflate: WebSocketDeflate?
    /// The kind of the message under way.
    private var kind: WebSocketOpcode?
    private var isCompressed = false
    private var content: [UInt8] = []
    private var text = UTF8Checker()
    private var control: [UInt8] = []
    private var inflater: InflateStream?

    init(isServer: Bool, limit: Int, deflate: WebSocketDeflate?) {
        self.isServer = isServer
        self.limit = limit
        self.deflate = deflate
    }

    /// Tells whether frames of this kind are parts of messages.
    static func isData(_ piece: WebSocketFramePiece) -> Bool { piece.opcode & 8 == 0 }

    /// Reads a piece; returns what it completes.
    mutating func take(_ piece: WebSocketFramePiece) throws(WebSocketViolation) -> Event? {
        guard let opcode = WebSocketOpcode(rawValue: piece.opcode) else {
            throw .protocolError("a frame has an opcode that means nothing")
        }
        if piece.isStart { try begin(piece, opcode) }
        if opcode.isControl {
            control.append(contentsOf: piece.bytes)
            guard piece.isEnd else { return nil }
            defer { control = [] }
            return try Self.event(opcode, control)
        }
        try add(piece.bytes)
        guard piece.isEnd, piece.isFinal else { return nil }
        return try .message(finish())
    }

    /// Looks at the head of a frame.
    private mutating func begin(_ piece: WebSocketFramePiece, _ opcode: WebSocketOpcode) throws(WebSocketViolation) {
        guard piece.isMasked == isServer else {
            throw .protocolError(isServer ? "a client's frame is not masked" : "a server's frame is masked")
        }
        let startsMessage = opcode == .text || opcode == .binary
        let mayBeCompressed = startsMessage && deflate != nil
        guard piece.reserved & (mayBeCompressed ? 0b011 : 0b111) == 0 else {
            throw .protocolError("a frame has reserved bits set")
        }
        if opcode.isControl { return }
        guard startsMessage == (kind == nil) else {
            throw .protocolError(
                startsMessage ? "a message begins within another one" : "a continuation continues nothing")
        }
        if startsMessage {
            kind = opcode
            isCompressed = piece.reserved != 0
        }
        guard isCompressed || piece.length <= UInt64(limit - content.count) else { throw .tooBig(limit) }
    }

    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) throws(WebSocketViolation) {
        guard isCompressed, let deflate else {
            try check(bytes)
            content.append(contentsOf: bytes)
            return
        }
        try inflate(bytes, deflate)
    }

    private mutating func inflate(
        _ bytes: UnsafeBufferPointer<UInt8>, _ deflate: WebSocketDeflate
    ) throws(WebSocketViolation) {
        if inflater == nil { inflater = try InflateStream(windowBits: deflate.inflateBits) }
        let start = content.count
        try inflater?.inflate(bytes, onto: &content, limit: limit)
        let checked = content.withUnsafeBufferPointer { content in
            kind != .text || text.accepts(UnsafeBufferPointer(rebasing: content[start...]))
        }
        guard checked else { throw .invalidText }
    }

    private mutating func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(WebSocketViolation) {
        guard kind != .text || text.accepts(bytes) else { throw .invalidText }
    }

    private mutating func finish() throws(WebSocketViolation) -> WebSocketMessage {
        if isCompressed, let deflate {
            // The sender has left these four bytes out (RFC 7692 §7.2.2).
            let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
            try tail.withUnsafeBufferPointer { bytes throws(WebSocketViolation) in try inflate(bytes, deflate) }
            if !deflate.keepsInflateContext { inflater = nil }
        }
        let isText = kind == .text
        guard text.isComplete else { throw .invalidText }
        defer {
            content = []
            kind = nil
            isCompressed = false
        }
        return isText ? .text(String(decoding: content, as: UTF8.self)) : .binary(content)
    }

    private static func event(_ opcode: WebSocketOpcode, _ payload: [UInt8]) throws(WebSocketViolation) -> Event {
        switch opcode {
        case .ping: .ping(payload)
        case .pong: .pong(payload)
        default: try .close(WebSocketClose(payload: payload))
        }
    }
}
