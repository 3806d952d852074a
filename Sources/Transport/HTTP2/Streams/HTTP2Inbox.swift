import Synchronization

/// What has come on a stream of HTTP/2 that is used as a stream of bytes, until someone reads it.
///
/// Used on the loop's thread only; every waiting call is answered exactly once. The client's credit bounds what waits.
final class HTTP2Inbox {
    typealias Continuation = CheckedContinuation<Result<[UInt8]?, TransportError>, Never>

    struct Reader {
        let max: Int
        let endsWhenDraining: Bool
        /// In milliseconds of the loop.
        let deadline: Int64?
        let ticket: StreamTicket
        let continuation: Continuation
    }

    private var bytes: [UInt8] = []
    private var end: Result<[UInt8]?, TransportError>?
    private var reader: Reader?
    private var endWaiters: [(ticket: StreamTicket, continuation: CheckedContinuation<Void, Never>)] = []
    private var isDraining: Bool
    /// Told how many bytes were taken.
    private let whenTaken: (Int) -> Void

    init(isDraining: Bool, whenTaken: @escaping (Int) -> Void) {
        self.isDraining = isDraining
        self.whenTaken = whenTaken
    }

    /// When the reader has waited long enough.
    var deadline: Int64? { reader?.deadline }

    func add(_ more: UnsafeRawBufferPointer) {
        guard end == nil else { return whenTaken(more.count) }
        bytes.append(contentsOf: more)
        answerIfReady()
    }

    /// Nothing more comes; what has come can still be read, but not behind an error.
    func finish(_ end: Result<[UInt8]?, TransportError>) {
        guard self.end == nil else { return }
        self.end = end
        if case .failure = end { bytes = [] }
        answerIfReady()
        let waiters = endWaiters
        endWaiters = []
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// No new work is to be begun: whoever would end then ends.
    func drain() {
        isDraining = true
        answerIfReady()
    }

    func checkDeadline(_ now: Int64) {
        if let deadline, deadline <= now { answer(.failure(.timedOut(operation: "read"))) }
    }
}

// MARK: - Waiting

extension HTTP2Inbox {
    func wait(_ reader: Reader) {
        guard self.reader == nil else { return reader.continuation.resume(returning: .failure(.alreadyReading)) }
        self.reader = reader
        answerIfReady()
        if reader.ticket.isCancelled.load(ordering: .acquiring) { cancel(reader.ticket) }
    }

    func waitForEnd(_ ticket: StreamTicket, _ continuation: CheckedContinuation<Void, Never>) {
        guard end == nil, !ticket.isCancelled.load(ordering: .acquiring) else { return continuation.resume() }
        endWaiters.append((ticket, continuation))
    }

    func cancel(_ ticket: StreamTicket) {
        if reader?.ticket === ticket { answer(.failure(.cancelled)) }
        if let index = endWaiters.firstIndex(where: { $0.ticket === ticket }) {
            endWaiters.remove(at: index).continuation.resume()
        }
    }

    private func answerIfReady() {
        guard let reader else { return }
        if !bytes.isEmpty {
            let taken = take(reader.max)
            answer(.success(taken))
            whenTaken(taken.count)
        } else if let end {
            answer(end)
        } else if reader.endsWhenDraining, isDraining {
            answer(.success(nil))
        }
    }

    private func take(_ max: Int) -> [UInt8] {
        guard bytes.count > max else {
            defer { bytes = [] }
            return bytes
        }
        defer { bytes.removeFirst(max) }
        return Array(bytes.prefix(max))
    }

    private func answer(_ result: Result<[UInt8]?, TransportError>) {
        guard let reader else { return }
        self.reader = nil
        reader.continuation.resume(returning: result)
    }
}
