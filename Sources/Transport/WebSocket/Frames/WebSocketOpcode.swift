/// The kinds of frames (RFC 6455 §5.2).
enum WebSocketOpcode: UInt8 {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    /// Tells whether the frame is no part of a message.
    var isControl: Bool { rawValue & 8 != 0 }
}

/// A piece of a frame's payload, unmasked: all of it, or what has come of it.
struct WebSocketFramePiece {
    /// The opcode, which may be one that means nothing.
    let opcode: UInt8
    /// Tells whether the frame is the last one of its message.
    let isFinal: Bool
    /// The three reserved bits; the first one, 4, says that the message is compressed (RFC 7692 §6).
    let reserved: UInt8
    let isMasked: Bool
    /// The length of the whole frame's payload, in bytes.
    let length: UInt64
    /// Tells whether the piece is the first one of its frame.
    let isStart: Bool
    /// Tells whether the piece is the last one of its frame.
    let isEnd: Bool
    /// The bytes; valid until the reader is asked again.
    let bytes: UnsafeBufferPointer<UInt8>
}
