import Synchronization

/// A connection that curl has opened, as a stream.
///
/// What arrives while nobody reads stays in the system's buffers. The connection closes with its last reference at the
/// latest.
final class TunnelStream: ByteStream {
    let loop: EventLoop
    let remoteAddress: SocketAddress
    let localAddress: SocketAddress
    private let handle: LoopBound<TunnelHandle>

    init(_ handle: TunnelHandle) {
        loop = handle.loop
        remoteAddress = handle.remoteAddress
        localAddress = handle.localAddress
        self.handle = LoopBound(handle, to: handle.loop)
    }

    deinit {
        close()
    }

    /// A client's connection has no listener that could shut down.
    var isDraining: Bool { false }

    func read(max: Int, timeout: Duration?, endsWhenDraining: Bool) async throws(TransportError) -> [UInt8]? {
        let ticket = StreamTicket()
        let handle = self.handle
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                onLoop(or: { continuation.resume(returning: .failure($0)) }) { handle in
                    handle.read(
                        TunnelHandle.Reader(
                            max: max, deadline: handle.loop.deadline(timeout), ticket: ticket,
                            continuation: continuation))
                }
            }
        } onCancel: {
            ticket.isCancelled.store(true, ordering: .releasing)
            loop.perform { handle.value.cancel(ticket) }
        }
        return try result.get()
    }

    func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError) {
        let handle = self.handle
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop(or: { continuation.resume(returning: .failure($0)) }) { handle in
                    handle.write(
                        TunnelWrite(first, second, deadline: handle.loop.deadline(timeout), continuation))
                }
            }
        } onCancel: {
            loop.perform { handle.value.cancelWrites() }
        }
        try result.get()
    }

    /// Waits until a read has seen the end, or the stream is closed.
    func waitForEnd() async {
        let ticket = StreamTicket()
        let handle = self.handle
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop(or: { _ in continuation.resume() }) { $0.waitForEnd(ticket, continuation) }
            }
        } onCancel: {
            ticket.isCancelled.store(true, ordering: .releasing)
            loop.perform { handle.value.cancel(ticket) }
        }
    }

    /// Does nothing: curl can end a connection only as a whole, and the protocols that go by it say good-bye themselves.
    func shutdownWriting() async throws(TransportError) {}

    func close() {
        let handle = self.handle
        loop.perform { handle.value.close(because: .closed) }
    }

    private func onLoop(or refuse: (TransportError) -> Void, _ work: @escaping @Sendable (TunnelHandle) -> Void) {
        let handle = self.handle
        if !loop.perform({ work(handle.value) }) { refuse(.loopStopped(name: loop.name)) }
    }
}
