import Synchronization

extension HTTP2Connection {
    /// Adds bytes to what a stream sends, and returns when there is room for more; from any task.
    ///
    /// - Throws: `.closed` when the stream is over, `.timedOut` when the client takes too little, `.cancelled`.
    func write(
        _ bytes: [UInt8], to stream: LoopBound<HTTP2Stream>, timeout: Duration?
    ) async throws(TransportError) {
        let ticket = StreamTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = loop.perform { [self] in
                    let writer = HTTP2Writer(
                        ticket: ticket, deadline: loop.deadline(timeout), continuation: continuation)
                    write(bytes, to: stream.value, writer)
                }
                if !accepted { continuation.resume(returning: .failure(.loopStopped(name: loop.name))) }
            }
        } onCancel: {
            ticket.isCancelled.store(true, ordering: .releasing)
            loop.perform { [self] in cancelWrite(ticket, to: stream.value) }
        }
        try result.get()
    }

    private func write(_ bytes: [UInt8], to stream: HTTP2Stream, _ writer: HTTP2Writer) {
        guard !stream.isClosed, !stream.output.isFinished else { return writer.resume(.failure(.closed)) }
        guard !writer.ticket.isCancelled.load(ordering: .acquiring) else { return writer.resume(.failure(.cancelled)) }
        append(bytes, to: stream)
        guard stream.output.count > Self.outputLimit else { return writer.resume(.success(())) }
        stream.writers.append(writer)
        if let deadline = writer.deadline { clock.arm(for: deadline) }
    }

    /// How many bytes of a stream may wait without holding its writer up.
    private static var outputLimit: Int { 65_536 }

    private func cancelWrite(_ ticket: StreamTicket, to stream: HTTP2Stream) {
        guard let index = stream.writers.firstIndex(where: { $0.ticket === ticket }) else { return }
        stream.writers.remove(at: index).resume(.failure(.cancelled))
    }

    /// Adds bytes without regard to how many wait.
    func append(_ bytes: [UInt8], to stream: HTTP2Stream) {
        guard !stream.isClosed, !stream.output.isFinished, !bytes.isEmpty else { return }
        if stream.output.count == 0 { startSending(stream) }
        stream.output.append(bytes)
        session.resume(stream)
        planOutput()
    }

    /// Ends this side of the stream behind what waits.
    func finishOutput(of stream: HTTP2Stream, trailers: HTTPFields? = nil) {
        guard !stream.isClosed, !stream.output.isFinished else { return }
        stream.output.trailers = trailers
        stream.output.finish()
        session.resume(stream)
        planOutput()
    }

    func didSend(_ count: Int, on stream: HTTP2Stream) {
        stream.sent += count
        controls.give()
        guard stream.output.count == 0 else { return }
        stream.sendStart = nil
        answerWriters(of: stream, .success(()))
    }

    func answerWriters(of stream: HTTP2Stream, _ result: Result<Void, TransportError>) {
        guard !stream.writers.isEmpty else { return }
        let writers = stream.writers
        stream.writers = []
        for writer in writers { writer.resume(result) }
    }

    func didSendEnd(_ stream: HTTP2Stream) {
        guard !stream.hasEnded else { return }
        if case .raw = stream.input { return }
        // The client need not send what the response did not wait for (RFC 9113 §8.1). Some clients (curl 7) lose a
        // response that a reset comes right behind, so it comes later; until then no more credit is given.
        abandonInput(of: stream)
        let deadline = clock.now + configuration.lingerTime.loopMilliseconds
        stream.resetDeadline = deadline
        clock.arm(for: deadline)
    }

    /// Gives a stream of bytes up: what waits behind an end is still sent.
    func abandon(_ stream: HTTP2Stream) {
        guard !stream.isClosed, case .raw(let inbox) = stream.input else { return }
        inbox.finish(.failure(.closed))
        stream.input = .discarded
        if !stream.output.isFinished {
            reset(stream, .cancel)
        } else if stream.output.isSent, !stream.hasEnded {
            reset(stream, .noError)
        }
    }

    func reset(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {
        attempt { () throws(HTTP2SessionError) in try session.reset(stream, code) }
        planOutput()
    }
}
