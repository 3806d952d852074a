import CUV
import Glibc
import Synchronization

/// A TCP or Unix stream connection on an event loop.
///
/// All methods may be called from anywhere; from a task that prefers ``loop`` none of them changes threads. What
/// arrives while nobody reads is kept up to 64 KiB, then the other end has to wait. The connection closes with its last
/// reference at the latest.
public final class Connection: ByteStream {
    /// The loop that the connection lives on.
    public let loop: EventLoop
    /// The other end.
    public let remoteAddress: SocketAddress
    /// This end.
    public let localAddress: SocketAddress

    private let handle: LoopBound<StreamHandle>
    private let draining = Atomic<Bool>(false)

    init(_ handle: StreamHandle, remote: SocketAddress, local: SocketAddress) {
        loop = handle.loop
        self.handle = LoopBound(handle, to: handle.loop)
        remoteAddress = remote
        localAddress = local
    }

    deinit {
        let handle = self.handle
        loop.perform { handle.value.close() }
    }

    /// Tells whether the listener is shutting down, so that no new work should be begun.
    public var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// Says that no more work should be begun; on the loop's thread.
    func markDraining() {
        draining.store(true, ordering: .releasing)
    }

    /// Ends the reads that end when draining, now and from now on; on the loop's thread.
    func endIdleReads() {
        handle.value.endIdleReads()
    }

    /// Ends all reads as if their tasks were cancelled, now and from now on; on the loop's thread.
    func endReads() {
        handle.value.endReads()
    }

    /// Where its listener keeps it; on the loop's thread.
    var slot: Int {
        get { handle.value.slot }
        set { handle.value.slot = newValue }
    }

    /// Closes both directions at once; later calls do nothing.
    public func close() {
        let handle = self.handle
        loop.perform { handle.value.close() }
    }

    /// Closes as ``close()`` does, after one try to send these last bytes: they are dropped where that would have to wait.
    public func close(sending bytes: [UInt8]) {
        let handle = self.handle
        loop.perform {
            // Nobody is left to hear of a failure.
            if !bytes.isEmpty { _ = handle.value.tryWrite(bytes, []) }
            handle.value.close()
        }
    }
}

// MARK: - Reading

extension Connection {
    /// Waits for bytes and returns at least one and at most `max`, or nil at the end of the stream.
    ///
    /// - Parameters:
    ///   - max: The most bytes to return, at least 1.
    ///   - timeout: How long to wait; nil is for ever.
    ///   - endsWhenDraining: Return nil as soon as the listener shuts down and nothing has arrived.
    /// - Returns: The bytes, or nil at the end.
    /// - Throws: `.timedOut` (the connection can be read again), `.cancelled`, `.closed`, `.alreadyReading`, or the
    ///   system's.
    public func read(
        max: Int, timeout: Duration?, endsWhenDraining: Bool
    ) async throws(TransportError) -> [UInt8]? {
        if loop.inLoop, let ready = handle.value.takeReady(max: max, endsWhenDraining: endsWhenDraining) {
            return try ready.get()
        }
        let ticket = StreamTicket()
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                onLoop(or: { continuation.resume(returning: .failure($0)) }) { handle in
                    handle.wait(
                        StreamHandle.Reader(
                            max: max, endsWhenDraining: endsWhenDraining, deadline: handle.loop.deadline(timeout),
                            ticket: ticket, continuation: continuation))
                }
            }
        } onCancel: {
            cancel(ticket)
        }
        return try result.get()
    }

    /// Waits for bytes as ``read(max:timeout:endsWhenDraining:)`` does, but does not end when the task is cancelled.
    ///
    /// Made for the loop's own tasks, which it costs least: no hop, and no handler of the cancellation.
    ///
    /// - Throws: As ``read(max:timeout:endsWhenDraining:)``, but for `.cancelled`.
    public nonisolated(nonsending) func readUntilClosed(
        max: Int, timeout: Duration?, endsWhenDraining: Bool
    ) async throws(TransportError) -> [UInt8]? {
        guard loop.inLoop else {
            return try await read(max: max, timeout: timeout, endsWhenDraining: endsWhenDraining)
        }
        let handle = self.handle.value
        if let ready = handle.takeReady(max: max, endsWhenDraining: endsWhenDraining) { return try ready.get() }
        let result = await withUnsafeContinuation { continuation in
            handle.wait(
                StreamHandle.Reader(
                    max: max, endsWhenDraining: endsWhenDraining, deadline: loop.deadline(timeout), ticket: nil,
                    continuation: continuation))
        }
        return try result.get()
    }

    /// Waits until the other end has closed its side or is gone, without taking bytes away from the reader.
    ///
    /// Sees the end only while less than 64 KiB wait to be read. Returns at once when the task is cancelled.
    public func waitForEnd() async {
        let ticket = StreamTicket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop(or: { _ in continuation.resume() }) { $0.waitForEnd(ticket, continuation) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func cancel(_ ticket: StreamTicket) {
        ticket.isCancelled.store(true, ordering: .releasing)
        let handle = self.handle
        loop.perform { handle.value.cancel(ticket) }
    }

    /// Runs the work on the loop's thread, or tells why that cannot be.
    private func onLoop(
        or refuse: (TransportError) -> Void, _ work: @escaping @Sendable (StreamHandle) -> Void
    ) {
        let handle = self.handle
        if !loop.perform({ work(handle.value) }) { refuse(.loopStopped(name: loop.name)) }
    }
}

// MARK: - Writing

extension Connection {
    /// Writes the first and then the second bytes and returns when the kernel has them all.
    ///
    /// - Throws: `.closed`, the system's error, `.timedOut` or `.cancelled`; the last two close the connection, as some
    ///   of the bytes may be out.
    public func write(
        _ first: [UInt8], _ second: [UInt8], timeout: Duration?
    ) async throws(TransportError) {
        var done = 0
        if loop.inLoop {
            let handle = self.handle.value
            let code = handle.tryWrite(first, second)
            guard code >= 0 else { throw Self.error(of: code, handle) }
            done = Int(code)
        }
        guard done < first.count + second.count else { return }
        try await writeRest(done == 0 && second.isEmpty ? first : Array((first + second).dropFirst(done)), timeout)
    }

    /// Writes what the kernel takes at once; on the loop's thread, and nowhere else.
    ///
    /// - Returns: How many of the bytes it took, which may be none.
    /// - Throws: `.closed` or the system's error.
    public func writeNow(_ bytes: [UInt8]) throws(TransportError) -> Int {
        guard loop.inLoop else { return 0 }
        let handle = self.handle.value
        let code = handle.tryWrite(bytes, [])
        guard code >= 0 else { throw Self.error(of: code, handle) }
        return Int(code)
    }

    private func writeRest(_ bytes: [UInt8], _ timeout: Duration?) async throws(TransportError) {
        let handle = self.handle
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onLoop(or: { continuation.resume(returning: .failure($0)) }) { handle in
                    handle.write(bytes, deadline: handle.loop.deadline(timeout), continuation)
                }
            }
        } onCancel: {
            loop.perform { handle.value.close(because: .cancelled) }
        }
        try result.get()
    }

    /// Tells the other end that no more bytes come, after those written.
    ///
    /// - Throws: `.closed` or the system's error.
    public func shutdownWriting() async throws(TransportError) {
        let result = await withCheckedContinuation { continuation in
            onLoop(or: { continuation.resume(returning: .failure($0)) }) { $0.shutdown(continuation) }
        }
        try result.get()
    }

    private static func error(of code: CInt, _ handle: StreamHandle) -> TransportError {
        handle.isOpen ? .system(operation: "write", code: code, subject: "the connection") : handle.failure
    }
}

extension EventLoop {
    /// The loop's time at which a wait of this length is over; only on the loop's thread.
    func deadline(_ timeout: Duration?) -> Int64? {
        timeout.map { now + $0.loopMilliseconds }
    }
}
