/// How messages are compressed: permessage-deflate (RFC 7692).
public struct WebSocketCompression: Sendable, Hashable {
    /// The fewest bytes of a message that is worth it.
    public var threshold: Int
    /// How hard to try, 1 (fast) to 9 (small).
    public var level: Int
    /// Whether both ends may keep what they have seen for the next message; what the other end refuses is not done.
    ///
    /// Messages get smaller by it, and each connection takes up to 300 KiB of memory.
    public var keepsContext: Bool

    /// Creates settings.
    public init(threshold: Int = 256, level: Int = 6, keepsContext: Bool = false) {
        self.threshold = max(0, threshold)
        self.level = min(max(1, level), 9)
        self.keepsContext = keepsContext
    }
}

/// What both ends have agreed on.
struct WebSocketDeflate: Sendable, Hashable {
    /// How this end compresses.
    var compression: WebSocketCompression
    /// The window of what this end compresses, as a power of two: 9 to 15.
    var deflateBits = 15
    /// Whether this end keeps its window between messages.
    var keepsDeflateContext = false
    /// The window of what the other end compresses.
    var inflateBits = 15
    /// Whether the other end may keep its window between messages.
    var keepsInflateContext = false
}
