import Synchronization

/// The body of a response, piece by piece as it comes; the server is held back while nobody reads.
///
/// It ends with the request's time, the task's cancellation and the end of ``HTTPClient/stream(_:_:)``. One task reads
/// at a time.
public final class HTTPClientBody: AsyncSequence, Sendable {
    /// Some bytes, at least one.
    public typealias Element = [UInt8]
    /// Why the rest does not come.
    public typealias Failure = HTTPClientError

    /// What became of bytes that arrived.
    enum Room {
        case room
        case full
        case overflow
    }

    private let reader: HTTPBodyReader
    private let held: HTTPHeldBytes
    private let failure = Mutex<HTTPClientError?>(nil)

    init() {
        let held = HTTPHeldBytes()
        self.held = held
        reader = HTTPBodyReader { held.take($0) }
    }

    /// The next bytes, or nil at the end.
    ///
    /// - Throws: `HTTPClientError`.
    public func next() async throws(HTTPClientError) -> [UInt8]? {
        do throws(HTTPBodyError) {
            return try await reader.next()
        } catch {
            throw failure.withLock { $0 } ?? .cancelled(requestWasSent: true)
        }
    }

    /// An iterator, which shares its place with all others.
    public func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    /// Goes through the pieces.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let body: HTTPClientBody

        /// The next bytes, or nil at the end.
        ///
        /// - Throws: `HTTPClientError`.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPClientError) -> [UInt8]? {
            try await body.next()
        }
    }
}

extension HTTPClientBody {
    /// Says what is done when there is room again.
    func whenRoom(_ action: @escaping @Sendable () -> Void) {
        held.whenRoom(action)
    }

    func add(_ bytes: UnsafeRawBufferPointer) -> Room {
        guard held.add(bytes.count) <= Self.heldLimit else { return .overflow }
        guard !reader.add(Array(bytes)) else { return .room }
        return held.wantRoom() ? .full : .room
    }

    func finish() {
        reader.finish()
    }

    func fail(_ error: HTTPClientError) {
        failure.withLock { $0 = $0 ?? error }
        reader.fail(.lost)
    }

    /// More than gzip can make of what curl reads at one time; other compressions know no bound.
    private static var heldLimit: Int { 32 * 1_048_576 }
}

/// Counts the bytes that wait for the reader, and wakes the transfer when it has taken them.
private final class HTTPHeldBytes: Sendable {
    private struct State {
        var count = 0
        var isWanted = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func whenRoom(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.action = action }
    }

    func add(_ count: Int) -> Int {
        state.withLock { state in
            state.count += count
            return state.count
        }
    }

    /// Notes that the transfer waits; false when the reader was quicker.
    func wantRoom() -> Bool {
        state.withLock { state in
            state.isWanted = state.count > 0
            return state.isWanted
        }
    }

    func take(_ count: Int) {
        let action = state.withLock { state in
            state.count -= count
            defer { if state.count == 0 { state.isWanted = false } }
            return state.isWanted && state.count == 0 ? state.action : nil
        }
        action?()
    }
}
