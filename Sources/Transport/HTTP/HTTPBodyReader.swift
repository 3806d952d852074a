import Synchronization

/// Why the body of a request does not come to its end.
public enum HTTPBodyError: Error, Sendable, Hashable {
    /// It has more bytes than the endpoint takes; the answer is 413.
    case tooLarge(limit: Int)
    /// It came too slowly; the answer is 408.
    case tooSlow
    /// It is not framed as HTTP wants it; the answer is 400.
    case malformed(String)
    /// The client gave the request up, or is gone.
    case lost
    /// The task that reads was cancelled.
    case cancelled
}

/// The body of a request, piece by piece as it comes; for endpoints that do not want it whole in memory.
///
/// The client is held back while nobody reads: what has come and was not taken stays below ``highWater`` and one read
/// more. One task reads at a time.
public final class HTTPBodyReader: Sendable {
    /// How many bytes may wait to be taken before the client has to.
    public static let highWater = 65_536

    private let state = Mutex(State())
    private let whenTaken: @Sendable (_ count: Int) -> Void
    private let source: (any HTTPBodySource)?

    /// Creates a reader; the closure is told of the bytes that were taken, on the reader's thread, so that more can be
    /// asked of the client.
    init(whenTaken: @escaping @Sendable (_ count: Int) -> Void = { _ in }) {
        self.whenTaken = whenTaken
        source = nil
    }

    /// Creates a reader of a body that is whole already.
    convenience init(_ body: [UInt8]) {
        self.init()
        add(body)
        finish()
    }

    /// Creates a reader that asks a source for each piece; nothing is added to it.
    init(_ source: some HTTPBodySource) {
        whenTaken = { _ in }
        self.source = source
    }

    /// The next bytes, at least one, or nil at the body's end.
    ///
    /// - Throws: `HTTPBodyError`; every later call throws the same, but for `.cancelled`.
    public func next() async throws(HTTPBodyError) -> [UInt8]? {
        if let source { return try await source.next() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { $0.take(orWait: continuation, isCancelled: Task.isCancelled) }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume(returning: .failure(.cancelled))
        }
        let bytes = try result.get()
        if let bytes { whenTaken(bytes.count) }
        return bytes
    }

    /// The trailer fields, once ``next()`` has returned nil; those that must not stand in a trailer are left out.
    public var trailers: HTTPFields { source?.trailers ?? state.withLock { $0.trailers } }
}

// MARK: - The writing side

extension HTTPBodyReader {
    /// Tells whether the whole body, or its failure, has arrived.
    var isComplete: Bool { state.withLock { $0.end != nil } }

    /// Adds bytes that arrived; false when enough wait now, and no more should be read for the moment.
    @discardableResult
    func add(_ bytes: [UInt8]) -> Bool {
        let (waiter, ready, hasRoom) = state.withLock { $0.add(bytes) }
        if let ready { waiter?.resume(returning: ready) }
        return hasRoom
    }

    /// Ends the body.
    func finish(trailers: HTTPFields = HTTPFields()) {
        state.withLock { $0.finish(.success(nil), trailers) }?.resume(returning: .success(nil))
    }

    /// Ends the body with an error, in front of which what has come can still be read.
    func fail(_ error: HTTPBodyError) {
        state.withLock { $0.finish(.failure(error), HTTPFields()) }?.resume(returning: .failure(error))
    }
}

extension HTTPBodyReader {
    fileprivate typealias Outcome = Result<[UInt8]?, HTTPBodyError>
    fileprivate typealias Waiter = CheckedContinuation<Outcome, Never>

    fileprivate struct State {
        private var waiting: [UInt8] = []
        private var waiter: Waiter?
        private(set) var end: Outcome?
        private(set) var trailers = HTTPFields()

        /// What can be returned at once, or nil after the continuation was kept.
        mutating func take(orWait continuation: Waiter, isCancelled: Bool) -> Outcome? {
            if !waiting.isEmpty {
                defer { waiting = [] }
                return .success(waiting)
            }
            if let end { return end }
            if isCancelled { return .failure(.cancelled) }
            waiter = continuation
            return nil
        }

        mutating func takeWaiter() -> Waiter? {
            defer { waiter = nil }
            return waiter
        }

        mutating func add(_ bytes: [UInt8]) -> (Waiter?, Outcome?, hasRoom: Bool) {
            guard end == nil, !bytes.isEmpty else { return (nil, nil, true) }
            if let waiter = takeWaiter() { return (waiter, .success(bytes), true) }
            waiting.append(contentsOf: bytes)
            return (nil, nil, waiting.count < HTTPBodyReader.highWater)
        }

        mutating func finish(_ outcome: Outcome, _ trailers: HTTPFields) -> Waiter? {
            guard end == nil else { return nil }
            end = outcome
            self.trailers = trailers
            return takeWaiter()
        }
    }
}
