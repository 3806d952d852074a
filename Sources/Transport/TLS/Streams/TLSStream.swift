import COpenSSL

/// A stream that TLS protects, on any other stream (RFC 8446, RFC 5246).
///
/// All methods may be called from anywhere; all work is done on ``loop``. What came and was not asked for stays with
/// the stream below, encrypted, so a reader that never reads holds up the other end. After the other end's closing word
/// reads return nil; an end without it is ``TLSError/truncated``.
public final class TLSStream: ByteStream {
    /// The loop that the stream lives on.
    public let loop: EventLoop
    /// What was agreed.
    public let security: StreamSecurity?

    private let base: any ByteStream
    private let state: LoopBound<TLSStreamState>

    /// Begins with a machine whose handshake is done; on the loop.
    init(_ machine: TLSMachine, over base: any ByteStream, _ security: StreamSecurity) {
        loop = base.loop
        self.base = base
        self.security = security
        state = LoopBound(TLSStreamState(machine, base), to: base.loop)
    }

    /// The other end.
    public var remoteAddress: SocketAddress { base.remoteAddress }
    /// This end.
    public var localAddress: SocketAddress { base.localAddress }
    /// Tells whether the listener is shutting down, so that no new work should be begun.
    public var isDraining: Bool { base.isDraining }

    /// Waits until the other end has closed its side or is gone, without taking bytes away from the reader.
    ///
    /// It is the connection's end that is seen; a closing word of TLS that nobody has read is not.
    public func waitForEnd() async {
        await base.waitForEnd()
    }

    /// Says the closing word, if it can go out now, and closes both directions at once; later calls do nothing.
    public func close() {
        let state = self.state
        loop.perform { state.value.close() }
    }

    /// Closes as ``close()`` does, with a last try to send these bytes.
    public func close(sending bytes: [UInt8]) {
        let state = self.state
        loop.perform { state.value.close(sending: bytes) }
    }
}

// MARK: - Reading and writing

extension TLSStream {
    /// Waits for bytes and returns at least one and at most `max`, or nil after the other end's closing word.
    ///
    /// - Parameters:
    ///   - max: The most bytes to return, at least 1.
    ///   - timeout: How long to wait; nil is for ever.
    ///   - endsWhenDraining: Return nil as soon as the listener shuts down and nothing has arrived.
    /// - Returns: The bytes, or nil at the end.
    /// - Throws: `.tls`, or what the stream below throws.
    public func read(
        max: Int, timeout: Duration?, endsWhenDraining: Bool
    ) async throws(TransportError) -> [UInt8]? {
        guard loop.inLoop else {
            return try await hop { state async throws(TransportError) in
                try await state.read(max: max, timeout: timeout, endsWhenDraining: endsWhenDraining)
            }
        }
        return try await state.value.read(max: max, timeout: timeout, endsWhenDraining: endsWhenDraining)
    }

    /// Writes the first and then the second bytes and returns when the kernel has them all.
    ///
    /// - Throws: `.tls`, or what the stream below throws; `.timedOut` and `.cancelled` close the stream.
    public func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError) {
        guard loop.inLoop else {
            return try await hop { state async throws(TransportError) in
                try await state.write(first, second, timeout: timeout)
            }
        }
        try await state.value.write(first, second, timeout: timeout)
    }

    /// Says the closing word (RFC 8446 §6.1) and closes this side of the connection; reading goes on.
    ///
    /// - Throws: What the stream below throws.
    public func shutdownWriting() async throws(TransportError) {
        try await hop { state async throws(TransportError) in try await state.shutdownWriting() }
    }

    private func hop<Value: Sendable>(
        _ body: (TLSStreamState) async throws(TransportError) -> Value
    ) async throws(TransportError) -> Value {
        let (loop, state) = (loop, state)
        return try await withTaskExecutorPreference(loop) { () async throws(TransportError) in
            guard loop.inLoop else { throw .loopStopped(name: loop.name) }
            return try await body(state.value)
        }
    }
}
