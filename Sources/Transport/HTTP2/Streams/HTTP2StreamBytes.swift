import Synchronization

/// A stream of HTTP/2 as a stream of bytes in both directions: what a WebSocket stands on (RFC 8441), or a tunnel.
///
/// A write returns when little waits for the client's credit. Closing gives the stream up, unless both sides have ended.
final class HTTP2StreamBytes: ByteStream {
    let loop: EventLoop
    let localAddress: SocketAddress
    private let connection: HTTP2Connection
    private let stream: LoopBound<HTTP2Stream>
    private let inbox: LoopBound<HTTP2Inbox>

    init(_ connection: HTTP2Connection, _ stream: HTTP2Stream, _ inbox: HTTP2Inbox) {
        self.connection = connection
        loop = connection.loop
        localAddress = connection.stream.localAddress
        self.stream = LoopBound(stream, to: connection.loop)
        self.inbox = LoopBound(inbox, to: connection.loop)
    }

    deinit {
        close()
    }

    var remoteAddress: SocketAddress { connection.remoteAddress }
    var security: StreamSecurity? { connection.security }
    var isDraining: Bool { connection.stream.isDraining }

    func close() {
        loop.perform { [connection, stream] in connection.abandon(stream.value) }
    }

    func close(sending bytes: [UInt8]) {
        loop.perform { [connection, stream] in
            connection.append(bytes, to: stream.value)
            connection.finishOutput(of: stream.value)
            connection.abandon(stream.value)
        }
    }
}

// MARK: - Reading

extension HTTP2StreamBytes {
    func read(max: Int, timeout: Duration?, endsWhenDraining: Bool) async throws(TransportError) -> [UInt8]? {
        let ticket = StreamTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = loop.perform { [connection, inbox] in
                    let deadline = inbox.loop.deadline(timeout)
                    inbox.value.wait(
                        HTTP2Inbox.Reader(
                            max: max, endsWhenDraining: endsWhenDraining, deadline: deadline, ticket: ticket,
                            continuation: continuation))
                    if let deadline { connection.clock.arm(for: deadline) }
                }
                if !accepted { continuation.resume(returning: .failure(.loopStopped(name: loop.name))) }
            }
        } onCancel: {
            cancel(ticket)
        }
        return try result.get()
    }

    func waitForEnd() async {
        let ticket = StreamTicket()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = loop.perform { [inbox] in inbox.value.waitForEnd(ticket, continuation) }
                if !accepted { continuation.resume() }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    private func cancel(_ ticket: StreamTicket) {
        ticket.isCancelled.store(true, ordering: .releasing)
        loop.perform { [inbox] in inbox.value.cancel(ticket) }
    }
}

// MARK: - Writing

extension HTTP2StreamBytes {
    func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError) {
        let bytes = second.isEmpty ? first : first + second
        guard !bytes.isEmpty else { return }
        do throws(TransportError) {
            try await connection.write(bytes, to: stream, timeout: timeout)
        } catch {
            // Some of the bytes may be out.
            if error == .cancelled { close() }
            throw error
        }
    }

    func shutdownWriting() async throws(TransportError) {
        let result: Result<Void, TransportError> = await withCheckedContinuation { continuation in
            let accepted = loop.perform { [connection, stream] in
                let isOpen = !stream.value.isClosed
                connection.finishOutput(of: stream.value)
                continuation.resume(returning: isOpen ? .success(()) : .failure(.closed))
            }
            if !accepted { continuation.resume(returning: .failure(.loopStopped(name: loop.name))) }
        }
        try result.get()
    }
}
