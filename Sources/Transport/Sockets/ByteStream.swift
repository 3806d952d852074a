/// A stream of bytes in both directions: a ``Connection``, or what stands on one (TLS).
///
/// One task reads at a time; writes are in the order of the calls. After an error the stream is of no more use but to
/// be closed.
public protocol ByteStream: Sendable {
    /// The loop that the stream lives on; code that runs there needs no hop for any call.
    var loop: EventLoop { get }
    /// The other end.
    var remoteAddress: SocketAddress { get }
    /// This end.
    var localAddress: SocketAddress { get }
    /// Tells whether no new work should be begun on this stream because its listener is shutting down.
    var isDraining: Bool { get }
    /// What TLS has agreed; nil when nothing protects the stream.
    var security: StreamSecurity? { get }

    /// Waits for bytes and returns at least one and at most `max`, or nil at the end of the stream.
    ///
    /// - Parameters:
    ///   - max: The most bytes to return, at least 1.
    ///   - timeout: How long to wait; nil is for ever.
    ///   - endsWhenDraining: Return nil as soon as the stream is draining and nothing has arrived.
    /// - Returns: The bytes, or nil at the end.
    /// - Throws: `.timedOut` (the stream can be read again), `.cancelled`, `.closed`, or what the system said.
    func read(max: Int, timeout: Duration?, endsWhenDraining: Bool) async throws(TransportError) -> [UInt8]?

    /// Waits for bytes as ``read(max:timeout:endsWhenDraining:)`` does, but need not end when the task is cancelled:
    /// the caller closes the stream then.
    nonisolated(nonsending) func readUntilClosed(
        max: Int, timeout: Duration?, endsWhenDraining: Bool
    ) async throws(TransportError) -> [UInt8]?

    /// Writes the first and then the second bytes and returns when the kernel has them all.
    ///
    /// - Throws: What the system said; `.timedOut` and `.cancelled` close the stream, as some of the bytes may be out.
    func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError)

    /// Writes what can be taken without waiting; on the loop's thread.
    ///
    /// - Returns: How many of the bytes were taken, which may be none; the rest is for ``write(_:_:timeout:)``.
    /// - Throws: What the system said.
    func writeNow(_ bytes: [UInt8]) throws(TransportError) -> Int

    /// Waits until the other end has closed its side or is gone, without taking bytes away from the reader.
    func waitForEnd() async

    /// Tells the other end that no more bytes come, after those written.
    func shutdownWriting() async throws(TransportError)

    /// Closes both directions at once; later calls do nothing.
    func close()

    /// Closes as ``close()`` does, after one try to send these last bytes: they are dropped where that would have to wait.
    func close(sending bytes: [UInt8])
}

extension ByteStream {
    /// Nothing protects the stream.
    public var security: StreamSecurity? { nil }

    /// Closes, without the last bytes.
    public func close(sending bytes: [UInt8]) {
        close()
    }

    /// Takes nothing.
    public func writeNow(_ bytes: [UInt8]) throws(TransportError) -> Int { 0 }

    /// Waits for bytes as ``read(max:timeout:endsWhenDraining:)`` does.
    ///
    /// - Throws: As it does.
    public nonisolated(nonsending) func readUntilClosed(
        max: Int, timeout: Duration?, endsWhenDraining: Bool
    ) async throws(TransportError) -> [UInt8]? {
        try await read(max: max, timeout: timeout, endsWhenDraining: endsWhenDraining)
    }

    /// Waits for bytes and returns at least one and at most `max`, or nil at the end of the stream.
    ///
    /// - Throws: As ``read(max:timeout:endsWhenDraining:)``.
    public func read(max: Int = 65_536, timeout: Duration? = nil) async throws(TransportError) -> [UInt8]? {
        try await read(max: max, timeout: timeout, endsWhenDraining: false)
    }

    /// Writes the bytes and returns when the kernel has them all.
    ///
    /// - Throws: As ``write(_:_:timeout:)``.
    public func write(_ bytes: [UInt8], timeout: Duration? = nil) async throws(TransportError) {
        try await write(bytes, [], timeout: timeout)
    }
}
