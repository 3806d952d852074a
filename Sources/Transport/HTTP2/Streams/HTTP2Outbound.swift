/// The body of a response on its way: what the application has given and the client has not been sent.
struct HTTP2Outbound {
    private var bytes: [UInt8] = []
    private var offset = 0
    /// Tells whether nothing more will be added.
    private(set) var isFinished = false
    /// Tells whether the end is out.
    var isSent = false
    /// Tells whether the session has asked in vain and is to be told of new bytes.
    var isAwaited = false
    /// The fields that follow the body.
    var trailers: HTTPFields?

    /// How many bytes wait.
    var count: Int { bytes.count - offset }

    mutating func append(_ more: [UInt8]) {
        if count == 0 {
            bytes = more
            offset = 0
        } else {
            bytes.append(contentsOf: more)
        }
    }

    mutating func finish() {
        isFinished = true
    }

    /// Drops what waits.
    mutating func removeAll() {
        bytes = []
        offset = 0
    }

    /// Moves bytes onto the end of `target`.
    mutating func move(_ count: Int, onto target: inout [UInt8]) {
        let end = offset + min(count, self.count)
        target.append(contentsOf: bytes[offset..<end])
        offset = end
        if offset == bytes.count { removeAll() }
    }
}
