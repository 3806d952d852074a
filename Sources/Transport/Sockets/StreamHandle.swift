import CUV
import Glibc
import Synchronization

/// Marks one waiting call, so that its cancellation ends that call and no later one.
final class StreamTicket: Sendable {
    let isCancelled = Atomic<Bool>(false)
}

/// A TCP or Unix stream of libuv: buffers what arrives until someone reads, up to a mark; writes; keeps deadlines.
///
/// Used on the loop's thread only. Every waiting call is answered exactly once: by its event, its deadline, its
/// cancellation, or `close`.
final class StreamHandle: LoopHandle {
    /// Answered exactly once, as above; the check would cost every request an object.
    typealias ReadContinuation = UnsafeContinuation<Result<[UInt8]?, TransportError>, Never>

    struct Reader {
        let max: Int
        let endsWhenDraining: Bool
        let deadline: Int64?
        /// None when the wait does not end with its task.
        let ticket: StreamTicket?
        let continuation: ReadContinuation
    }

    private var inbound: [UInt8] = []
    private var end: Result<[UInt8]?, TransportError>?
    private var isReading = false
    private var reader: Reader?
    private var endWaiters: [(ticket: StreamTicket, continuation: CheckedContinuation<Void, Never>)] = []
    private var closeReason: TransportError?
    /// When the oldest write must be done.
    var writeDeadline: Int64? { didSet { armTimer() } }
    private var timer: LoopTimer?
    private var armedFor: Int64?
    private var endsIdleReads = false
    private var endsReads = false
    /// Where the listener of the connection keeps it.
    var slot = 0

    init(loop: EventLoop, isUnix: Bool) {
        super.init(loop: loop, type: isUnix ? UV_NAMED_PIPE : UV_TCP)
        // Neither can fail without a socket to create (libuv, uv_tcp_init and uv_pipe_init).
        if isUnix {
            uv_pipe_init(loop.uv, pointer(), 0)
        } else {
            uv_tcp_init(loop.uv, pointer())
        }
        didOpen()
    }

    /// Takes over a connected socket, which is closed when that fails.
    ///
    /// - Throws: The system's error.
    convenience init(adopting descriptor: CInt, isUnix: Bool, on loop: EventLoop) throws(TransportError) {
        self.init(loop: loop, isUnix: isUnix)
        let code = isUnix ? uv_pipe_open(pointer(), descriptor) : uv_tcp_open(pointer(), descriptor)
        guard code != 0 else { return }
        close()
        if descriptor >= 0 { Glibc.close(descriptor) }
        throw .system(operation: "uv_tcp_open", code: code, subject: "an accepted connection")
    }

    var stream: UnsafeMutablePointer<uv_stream_t> { pointer() }

    /// Why calls fail once the stream is closed.
    var failure: TransportError {
        closeReason ?? (loop.isStopping ? .loopStopped(name: loop.name) : .closed)
    }

    /// How much may arrive that nobody has asked for yet, in bytes; then reading stops until someone does.
    static var highWaterMark: Int { 65_536 }

    func close(because reason: TransportError) {
        if closeReason == nil { closeReason = reason }
        close()
    }

    override func close() {
        guard isOpen else { return }
        super.close()
        timer?.close()
        timer = nil
        isReading = false
        inbound = []
        finish(.failure(failure))
    }

    func endReads() {
        endsReads = true
        answer(.failure(.cancelled))
    }

    func endIdleReads() {
        endsIdleReads = true
        if let reader, reader.endsWhenDraining { answer(.success(nil)) }
    }
}

// MARK: - Reading

extension StreamHandle {
    /// What a read can return without waiting, or nil.
    func takeReady(max: Int, endsWhenDraining: Bool) -> Result<[UInt8]?, TransportError>? {
        if endsReads { return .failure(.cancelled) }
        if !inbound.isEmpty { return .success(take(max)) }
        if let end { return end }
        return endsWhenDraining && endsIdleReads ? .success(nil) : nil
    }

    func wait(_ reader: Reader) {
        if let ready = takeReady(max: reader.max, endsWhenDraining: reader.endsWhenDraining) {
            reader.continuation.resume(returning: ready)
        } else if reader.ticket?.isCancelled.load(ordering: .acquiring) == true {
            reader.continuation.resume(returning: .failure(.cancelled))
        } else if self.reader != nil {
            reader.continuation.resume(returning: .failure(.alreadyReading))
        } else {
            self.reader = reader
            startReading()
            armTimer()
        }
    }

    func cancel(_ ticket: StreamTicket) {
        if reader?.ticket === ticket { answer(.failure(.cancelled)) }
        if let index = endWaiters.firstIndex(where: { $0.ticket === ticket }) {
            endWaiters.remove(at: index).continuation.resume()
        }
    }

    func waitForEnd(_ ticket: StreamTicket, _ continuation: CheckedContinuation<Void, Never>) {
        guard end == nil, !ticket.isCancelled.load(ordering: .acquiring) else {
            continuation.resume()
            return
        }
        endWaiters.append((ticket, continuation))
        startReading()
    }

    private func take(_ max: Int) -> [UInt8] {
        guard inbound.count > max else {
            defer { inbound = [] }
            return inbound
        }
        defer { inbound.removeFirst(max) }
        return Array(inbound.prefix(max))
    }

    private func startReading() {
        guard isOpen, !isReading, end == nil, inbound.count < Self.highWaterMark else { return }
        let code = uv_read_start(
            stream,
            { handle, _, buffer in
                // libuv fills the loop's buffer and calls back before it reads anything else.
                guard let memory = StreamHandle.from(handle)?.loop.readBuffer else { return }
                buffer?.pointee = uv_buf_t(
                    base: memory.baseAddress?.assumingMemoryBound(to: CChar.self), len: memory.count)
            },
            { handle, count, _ in StreamHandle.from(handle)?.didRead(count) })
        if code < 0 {
            finish(.failure(.system(operation: "read", code: code, subject: "the connection")))
        } else {
            isReading = true
        }
    }

    private func didRead(_ count: Int) {
        if count > 0 {
            let bytes = UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
            if inbound.isEmpty { inbound = Array(bytes) } else { inbound.append(contentsOf: bytes) }
            if let max = reader?.max { answer(.success(take(max))) }
            if inbound.count >= Self.highWaterMark { stopReading() }
        } else if count < 0 {
            stopReading()
            let code = CInt(truncatingIfNeeded: count)
            let isEnd = code == UV_EOF.rawValue
            finish(
                isEnd ? .success(nil) : .failure(.system(operation: "read", code: code, subject: "the connection")))
        }
    }

    private func stopReading() {
        guard isReading else { return }
        isReading = false
        uv_read_stop(stream)
    }

    /// Answers everyone who waits for the stream, now that nothing more will arrive.
    private func finish(_ end: Result<[UInt8]?, TransportError>) {
        // A close says more than the end that came before it.
        if self.end == nil || !isOpen { self.end = end }
        answer(end)
        for waiter in endWaiters { waiter.continuation.resume() }
        endWaiters = []
    }

    private func answer(_ result: Result<[UInt8]?, TransportError>) {
        guard let reader else { return }
        self.reader = nil
        reader.continuation.resume(returning: result)
    }
}

// MARK: - Deadlines

extension StreamHandle {
    /// Sees to it that the timer goes off no later than the next deadline.
    ///
    /// A deadline that moves away leaves the timer alone: it finds nothing due and sets itself anew. So a busy
    /// connection costs no timer operation for each request.
    private func armTimer() {
        guard isOpen, let next = nextDeadline, armedFor.map({ $0 > next }) ?? true else { return }
        let timer = self.timer ?? LoopTimer(loop: loop)
        self.timer = timer
        armedFor = next
        timer.schedule(after: max(0, next - loop.now)) { [unowned self] in timerFired() }
    }

    private var nextDeadline: Int64? {
        switch (reader?.deadline, writeDeadline) {
        case (let read?, let write?): min(read, write)
        case (let read, let write): read ?? write
        }
    }

    private func timerFired() {
        armedFor = nil
        if let deadline = reader?.deadline, deadline <= loop.now {
            answer(.failure(.timedOut(operation: "read")))
        }
        if let deadline = writeDeadline, deadline <= loop.now {
            close(because: .timedOut(operation: "write"))
        }
        armTimer()
    }
}
