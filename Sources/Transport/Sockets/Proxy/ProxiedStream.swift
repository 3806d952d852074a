/// A stream whose ends are those that a proxy told of.
public struct ProxiedStream<Base: ByteStream>: ByteStream {
    private let base: Base
    /// The client.
    public let remoteAddress: SocketAddress
    /// The address that the client connected to.
    public let localAddress: SocketAddress

    init(_ base: Base, _ header: ProxyHeader) {
        self.base = base
        // The loopback of another machine is not ours, where it stands for our own programs.
        if case .relayed(let source, let destination) = header,
            !source.isLoopback || base.remoteAddress.isLoopback
        {
            remoteAddress = source
            localAddress = destination
        } else {
            remoteAddress = base.remoteAddress
            localAddress = base.localAddress
        }
    }

    /// The loop that the stream lives on.
    public var loop: EventLoop { base.loop }
    /// Tells whether no new work should be begun on this stream.
    public var isDraining: Bool { base.isDraining }
    /// What TLS has agreed.
    public var security: StreamSecurity? { base.security }

    /// Waits for bytes; see ``ByteStream/read(max:timeout:endsWhenDraining:)``.
    ///
    /// - Throws: As the stream below.
    public func read(max: Int, timeout: Duration?, endsWhenDraining: Bool) async throws(TransportError) -> [UInt8]? {
        try await base.read(max: max, timeout: timeout, endsWhenDraining: endsWhenDraining)
    }

    /// Writes bytes; see ``ByteStream/write(_:_:timeout:)``.
    ///
    /// - Throws: As the stream below.
    public func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError) {
        try await base.write(first, second, timeout: timeout)
    }

    /// Waits until the other end is gone.
    public func waitForEnd() async {
        await base.waitForEnd()
    }

    /// Tells the other end that no more bytes come.
    ///
    /// - Throws: As the stream below.
    public func shutdownWriting() async throws(TransportError) {
        try await base.shutdownWriting()
    }

    /// Closes both directions at once.
    public func close() {
        base.close()
    }

    /// Closes both directions at once, after one try to send these last bytes.
    public func close(sending bytes: [UInt8]) {
        base.close(sending: bytes)
    }
}
