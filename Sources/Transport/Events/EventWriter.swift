import Synchronization

/// Writes server-sent events to one client.
///
/// Several tasks may send; each event goes out whole, in the order of the calls.
public final class EventWriter: Sendable {
    private struct State {
        var isWriting = false
        var hasWritten = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let body: HTTPBodyWriter
    private let state = Mutex(State())

    init(_ body: HTTPBodyWriter) {
        self.body = body
    }

    /// Tells whether the server is shutting down; the stream's closure is cancelled then too.
    public var isDraining: Bool { body.isDraining }

    /// Sends an event and returns when the client can take more, so a slow client slows the sender down.
    ///
    /// - Throws: `ServerEventError` for an event that cannot be sent, `TransportError` when the client went away or takes
    ///   events too slowly.
    public func send(_ event: ServerEvent) async throws {
        try await write(event.encoded())
    }

    /// Sends a line that no client shows, unless events have been sent since the last time, or one is being sent now.
    func keepAlive() async throws(TransportError) {
        let isIdle = state.withLock { state in
            defer { state.hasWritten = false }
            return !state.isWriting && !state.hasWritten
        }
        if isIdle { try await write([UInt8(ascii: ":"), 0x0A, 0x0A], counts: false) }
    }

    private func write(_ bytes: [UInt8], counts: Bool = true) async throws(TransportError) {
        await takeTurn()
        defer { passTurn(counts: counts) }
        try await body.write(bytes)
    }

    /// Waits until nobody else writes; whoever is in front passes the turn on directly.
    private func takeTurn() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.isWriting else {
                    state.isWriting = true
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func passTurn(counts: Bool) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if counts { state.hasWritten = true }
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
