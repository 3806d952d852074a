import Logging

/// Serves the requests of one connection of HTTP/2 (RFC 9113).
///
/// One loop reads, in `run`, and is the only one to do so. What comes is given to the session, the requests that are
/// then whole are answered by a task that goes from one to the next, and all that the session has to say goes out in
/// one write. A handler that waits keeps its task, and answers later: those answers are written together at the end of
/// the loop's turn.
final class HTTP2Connection {
    let stream: any ByteStream
    let loop: EventLoop
    let configuration: HTTPServerConfiguration
    let handler: any HTTPHandler
    let logger: Logger
    let remoteAddress: SocketAddress
    let security: StreamSecurity?
    let session: HTTP2Session

    /// The streams that are not over.
    var streams: [HTTP2Stream] = []
    /// The largest number of a stream so far, and how many there were.
    var lastStream: Int32 = 0
    var streamCount = 0
    /// The streams that this end gave up last, before the client had ended its side.
    var givenUp: [Int32] = []
    /// Those whose request a handler is to get.
    private var waiting: [HTTP2Stream] = []
    private var nextWaiting = 0

    /// Tells whether the reading loop is at work, which writes at its end.
    private var isInPass = false
    private var isFlushPlanned = false
    private var isWriting = false
    private var writingEnd: CheckedContinuation<Void, Never>?
    var state = State.open
    /// Tells whether the last word is out.
    var hasShutDown = false
    /// How many bytes are still read, and not looked at, behind the last word.
    var lingerBudget = 1_048_576
    var clock: HTTP2Clock
    var date = (second: Int64.min, text: "")
    /// How many bytes have come, and how many of them belong to frames that the session has told of.
    private var received = 0
    var framed = HTTP2Preface.length
    var resets: HTTP2Allowance
    var controls: HTTP2Allowance

    /// How far the connection is on its way to its end.
    enum State: Comparable {
        case open
        /// The client has been told to begin no more requests.
        case draining
        /// Nothing more is served; the client may still read what was written last.
        case ending
        case closed
    }

    /// Creates a connection; on the stream's loop.
    init(
        _ stream: any ByteStream, _ configuration: HTTPServerConfiguration, _ handler: any HTTPHandler,
        _ logger: Logger
    ) throws(HTTP2SessionError) {
        self.stream = stream
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
        loop = stream.loop
        remoteAddress = stream.remoteAddress
        security = stream.security
        let http2 = configuration.http2
        session = try HTTP2Session(http2, headLimit: configuration.headLimit)
        clock = HTTP2Clock(loop)
        resets = HTTP2Allowance(burst: http2.resetBurst, rate: http2.resetRate, now: loop.now)
        controls = HTTP2Allowance(burst: http2.controlBurst, rate: http2.controlRate, now: loop.now)
    }
}

// Safe: made and run on the loop's thread. `run` and the tasks that answer are on it, as their executor is the loop;
// whoever comes from elsewhere (body readers and writers) goes through `loop.perform`, and what comes after a handler
// looks at `loop.inLoop` first.
extension HTTP2Connection: @unchecked Sendable {}

// MARK: - Reading

extension HTTP2Connection {
    /// Serves the connection to its end; the bytes are those that were read already.
    func run(_ first: [UInt8]) async {
        clock.start { [unowned self] in checkDeadlines() }
        setIdleDeadline(configuration.headTimeout)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { tasks in
                await serve(first, &tasks)
                // The loop has been stopped, and everything on it with it.
                if loop.inLoop { end() }
                // Nobody is left to answer: a handler that waits, as for messages, need not wait any longer.
                tasks.cancelAll()
            }
        } onCancel: {
            stream.close()
        }
        if isWriting { await withCheckedContinuation { writingEnd = $0 } }
    }

    private func serve(_ first: [UInt8], _ tasks: inout DiscardingTaskGroup) async {
        var next: [UInt8]? = first
        while let bytes = next, loop.inLoop {
            isInPass = true
            take(bytes)
            while nextWaiting < waiting.count {
                // Runs at once, up to where a handler waits for the first time.
                tasks.addImmediateTask { await self.answerWaiting() }
            }
            isInPass = false
            flush()
            await waitForRoom()
            next = await read()
        }
    }

    /// The next bytes, or nil when there will be none.
    private func read() async -> [UInt8]? {
        while state != .closed {
            if state == .open, stream.isDraining { drain() }
            do throws(TransportError) {
                let bytes = try await stream.read(max: 65_536, timeout: nil, endsWhenDraining: state == .open)
                if let bytes { return bytes }
                guard state == .open, stream.isDraining else { return nil }
            } catch {
                logger.debug("connection lost", ["remote": remoteAddress, "error": "\(error)"])
                return nil
            }
        }
        return nil
    }

    private func take(_ bytes: [UInt8]) {
        switch state {
        case .open, .draining:
            attempt { () throws(HTTP2SessionError) in
                try session.receive(bytes, self)
                try countStray(bytes.count)
            }
        case .ending: linger(bytes.count)
        case .closed: break
        }
    }

    /// Counts frames of unknown types, which nghttp2 drops without a word, by their bytes.
    private func countStray(_ count: Int) throws(HTTP2SessionError) {
        received += count
        while received - framed > 64 {
            framed += 64
            guard controls.take(now: loop.now) else { throw .refused(.enhanceYourCalm) }
        }
    }

    /// Ends everything that waits for the client.
    private func end() {
        state = .closed
        stream.close()
        clock.close()
        for stream in streams { close(stream) }
        streams = []
    }

    /// Does something with the session; when that cannot go on the client is told why.
    func attempt(_ body: () throws(HTTP2SessionError) -> Void) {
        do throws(HTTP2SessionError) {
            try body()
        } catch {
            fail(error)
        }
    }
}

// MARK: - Answering

extension HTTP2Connection {
    /// Lets a handler have the request.
    func enqueue(_ stream: HTTP2Stream) {
        waiting.append(stream)
    }

    private func nextRequest() -> (HTTP2Stream, HTTPRequest)? {
        while nextWaiting < waiting.count {
            let stream = waiting[nextWaiting]
            nextWaiting += 1
            if nextWaiting == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                nextWaiting = 0
            }
            // One that the client has given up is not begun.
            if let request = stream.request.take(), !stream.isClosed { return (stream, request) }
        }
        return nil
    }

    /// Answers requests until none waits; the handler may leave the loop's thread and comes back to it.
    private func answerWaiting() async {
        while let (stream, request) = nextRequest() {
            let response = await handler.respond(to: request)
            // The loop has been stopped, and the connection with it.
            guard loop.inLoop else { return }
            await respond(to: stream, response)
        }
    }
}

// MARK: - Writing

extension HTTP2Connection {
    /// Sees to it that what the session has to say is written: by the reading loop when it is at work, or else at the
    /// end of the loop's turn.
    func planOutput() {
        guard !isInPass, !isFlushPlanned, !isWriting, state != .closed else { return }
        isFlushPlanned = true
        loop.later { [self] in
            isFlushPlanned = false
            flush()
        }
    }

    /// Writes all there is, as far as the stream takes it; a task sees to the rest.
    private func flush() {
        guard !isWriting, state != .closed else { return }
        do throws(TransportError) {
            while let bytes = nextOutput() {
                let count = try stream.writeNow(bytes)
                guard count < bytes.count else { continue }
                isWriting = true
                // `run` waits for its end; closing the stream ends it.
                Task(executorPreference: loop) { [self] in
                    await finishWriting(count == 0 ? bytes : Array(bytes[count...]))
                }
                return
            }
            didWriteAll()
        } catch {
            lose(error)
        }
    }

    private func finishWriting(_ first: [UInt8]) async {
        var next: [UInt8]? = first
        do throws(TransportError) {
            while let bytes = next {
                try await stream.write(bytes, [], timeout: configuration.allowedTime(forBytes: bytes.count))
                guard loop.inLoop, state != .closed else { break }
                next = nextOutput()
            }
        } catch {
            lose(error)
        }
        endWriting()
        if loop.inLoop { didWriteAll() }
    }

    private func endWriting() {
        isWriting = false
        writingEnd?.resume()
        writingEnd = nil
    }

    /// Ends the writing side once the last word is out.
    private func didWriteAll() {
        guard isReadyToEnd, !isWriting else { return }
        beginEnding()
        hasShutDown = true
        isWriting = true
        clock.setEnd(after: configuration.lingerTime)
        Task(executorPreference: loop) { [self] in
            do throws(TransportError) {
                try await stream.shutdownWriting()
            } catch {
                lose(error)
            }
            endWriting()
        }
    }

    private func nextOutput() -> [UInt8]? {
        var bytes: [UInt8] = []
        attempt { () throws(HTTP2SessionError) in bytes = try session.takeOutput(limit: Self.writeSize, self) }
        return bytes.isEmpty ? nil : bytes
    }

    /// Waits for the writing while more waits than a client with good manners causes.
    private func waitForRoom() async {
        while isWriting, state != .closed, session.outboundFrames > configuration.http2.controlBurst {
            await withCheckedContinuation { writingEnd = $0 }
        }
    }

    private func lose(_ error: TransportError) {
        logger.debug("connection lost", ["remote": remoteAddress, "error": "\(error)"])
        stream.close()
    }

    /// About how many bytes are handed to the kernel at once.
    private static var writeSize: Int { 65_536 }
}
