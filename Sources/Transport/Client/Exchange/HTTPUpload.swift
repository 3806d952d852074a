import Synchronization

/// Hands a streamed body from the task that produces it to curl, one piece at a time.
final class HTTPUpload: Sendable {
    /// What curl gets when it asks for bytes.
    enum Piece {
        case bytes(count: Int)
        case none
        case end
        case failure
    }

    fileprivate struct State {
        var piece: [UInt8] = []
        var offset = 0
        var total = 0
        var waiter: CheckedContinuation<Bool, Never>?
        var end: Result<Void, HTTPUploadError>?
        var isPaused = false
        var isClosed = false
    }

    let count: Int?
    fileprivate let state = Mutex(State())
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)

    init(count: Int?) {
        self.count = count
    }

    /// Why the body did not come to its end, if it did not.
    var failure: HTTPUploadError? {
        state.withLock { state in
            if case .failure(let error) = state.end { error } else { nil }
        }
    }

    /// Tells whether curl waits for bytes.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Says how curl is told that there are bytes after there were none.
    func whenReady(_ action: @escaping @Sendable () -> Void) {
        wake.withLock { $0 = action }
    }
}

/// Why a streamed body did not come to its end.
enum HTTPUploadError: Error {
    case failed(String)
    case wrongCount(announced: Int, produced: Int)

    var detail: String {
        switch self {
        case .failed(let detail): detail
        case .wrongCount(let announced, let produced):
            "\(announced) bytes were announced, and \(produced < announced ? "only \(produced)" : "more") produced"
        }
    }
}

// MARK: - The producer's side

extension HTTPUpload {
    /// Runs the source to its end, or until the upload is closed.
    func run(_ source: HTTPUploadSource) async {
        do {
            try await source.produce { bytes in
                guard await self.write(bytes) else { throw CancellationError() }
            }
            end(.success(()))
        } catch {
            end(.failure(.failed("\(error)")))
        }
    }

    /// Offers bytes, and returns when curl has taken them; false when it wants no more.
    private func write(_ bytes: [UInt8]) async -> Bool {
        guard !bytes.isEmpty else { return !Task.isCancelled }
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard state.withLock({ $0.offer(bytes, continuation, count: count) }) else {
                    continuation.resume(returning: false)
                    return
                }
                resume()
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume(returning: false)
        }
        return isTaken && !Task.isCancelled
    }

    private func end(_ result: Result<Void, HTTPUploadError>) {
        state.withLock { state in
            guard state.end == nil else { return }
            if case .success = result, let count, state.total != count {
                state.end = .failure(.wrongCount(announced: count, produced: state.total))
            } else {
                state.end = result
            }
        }
        resume()
    }

    /// Wakes curl if it waits.
    private func resume() {
        let waits = state.withLock { state in
            defer { state.isPaused = false }
            return state.isPaused
        }
        if waits { wake.withLock { $0 }?() }
    }
}

extension HTTPUpload.State {
    /// Keeps the bytes and who waits for their going; false when none are wanted.
    fileprivate mutating func offer(
        _ bytes: [UInt8], _ continuation: CheckedContinuation<Bool, Never>, count: Int?
    ) -> Bool {
        guard !isClosed, end == nil, !Task.isCancelled else { return false }
        total += bytes.count
        if let count, total > count {
            end = .failure(.wrongCount(announced: count, produced: total))
            return false
        }
        piece = bytes
        offset = 0
        waiter = continuation
        return true
    }

    fileprivate mutating func takeWaiter() -> CheckedContinuation<Bool, Never>? {
        defer { waiter = nil }
        return waiter
    }
}

// MARK: - curl's side

extension HTTPUpload {
    /// Copies what there is.
    func read(into target: UnsafeMutableRawBufferPointer) -> Piece {
        let (piece, waiter) = state.withLock { $0.read(into: target) }
        waiter?.resume(returning: true)
        return piece
    }

    /// Wants no more bytes: the producer is told at its next write.
    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            state.piece = []
            return state.takeWaiter()
        }
        wake.withLock { $0 = nil }
        waiter?.resume(returning: false)
    }
}

extension HTTPUpload.State {
    fileprivate mutating func read(
        into target: UnsafeMutableRawBufferPointer
    ) -> (HTTPUpload.Piece, CheckedContinuation<Bool, Never>?) {
        if case .failure = end { return (.failure, nil) }
        let rest = piece[offset...].prefix(target.count)
        guard !rest.isEmpty else {
            if end != nil { return (.end, nil) }
            isPaused = true
            return (.none, nil)
        }
        target.copyBytes(from: rest)
        offset += rest.count
        guard offset == piece.count else { return (.bytes(count: rest.count), nil) }
        piece = []
        offset = 0
        return (.bytes(count: rest.count), takeWaiter())
    }
}
