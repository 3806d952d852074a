import Synchronization

/// Holds the one message that waits to be received, and who waits: the receiver for it, or the reading task for room.
final class WebSocketInbox: Sendable {
    typealias Outcome = Result<WebSocketMessage?, WebSocketError>
    typealias Receiver = CheckedContinuation<Outcome, Never>

    private struct State {
        var message: WebSocketMessage?
        var receiver: Receiver?
        var room: CheckedContinuation<Void, Never>?
        var end: Outcome?
        var isClosing = false
        var endWaiters: [CheckedContinuation<Void, Never>] = []
        var peerClose: WebSocketClose?
        /// Whether the application has not come back for more since it got a message, which it may be answering.
        var isAnswering = false
        var answered: CheckedContinuation<Void, Never>?

        mutating func takeAnswered() -> CheckedContinuation<Void, Never>? {
            isAnswering = false
            defer { answered = nil }
            return answered
        }
    }

    private let state = Mutex(State())

    /// The next message, or nil at the end.
    func receive() async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (outcome, waiter) = state.withLock { Self.take(&$0, continuation) }
                waiter?.resume()
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let receiver = state.withLock { state in
                defer { state.receiver = nil }
                return state.receiver
            }
            receiver?.resume(returning: .failure(.cancelled))
        }
    }

    private static func take(
        _ state: inout State, _ continuation: Receiver
    ) -> (Outcome?, CheckedContinuation<Void, Never>?) {
        if let message = state.message {
            state.message = nil
            state.isAnswering = true
            defer { state.room = nil }
            return (.success(message), state.room)
        }
        let waiter = state.takeAnswered()
        if let end = state.end { return (end, waiter) }
        if Task.isCancelled { return (.failure(.cancelled), waiter) }
        if state.receiver != nil { return (.failure(.alreadyReceiving), waiter) }
        state.receiver = continuation
        return (nil, waiter)
    }

    // MARK: The reading task's side

    /// Tells whether this end has begun to close, so that messages are of no more use.
    var isClosing: Bool { state.withLock { $0.isClosing } }

    /// Waits until the last message was received, or the WebSocket closes.
    func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let hasRoom = state.withLock { state in
                if state.message == nil || state.isClosing || state.end != nil { return true }
                state.room = continuation
                return false
            }
            if hasRoom { continuation.resume() }
        }
    }

    /// Hands a message over; it is dropped once this end closes.
    func put(_ message: WebSocketMessage) {
        let receiver = state.withLock { state -> Receiver? in
            guard !state.isClosing, state.end == nil else { return nil }
            if let receiver = state.receiver {
                state.receiver = nil
                state.isAnswering = true
                return receiver
            }
            state.message = message
            return nil
        }
        receiver?.resume(returning: .success(message))
    }

    /// What the other end closed with.
    var peerClose: WebSocketClose? { state.withLock { $0.peerClose } }

    /// Keeps what the other end closed with.
    func didReceive(_ close: WebSocketClose) {
        state.withLock { $0.peerClose = close }
    }

    /// Takes no more messages.
    func beginClosing() {
        let (room, answered) = state.withLock { state in
            state.isClosing = true
            defer { state.room = nil }
            return (state.room, state.takeAnswered())
        }
        room?.resume()
        answered?.resume()
    }

    /// Waits until the application has come back for more after its last message, which it may be answering; at most
    /// this long.
    func waitForAnswer(atMost time: Duration, on loop: EventLoop) async {
        guard state.withLock({ Self.awaitsAnswer($0) }) else { return }
        let cut = Task(executorPreference: loop) { [self] in
            do {
                try await loop.sleep(for: time)
                state.withLock { $0.takeAnswered() }?.resume()
            } catch {
                // The answer came, or the loop stops, which ends everything.
            }
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard Self.awaitsAnswer(state) else { return true }
                state.answered = continuation
                return false
            }
            if isOver { continuation.resume() }
        }
        cut.cancel()
    }

    private static func awaitsAnswer(_ state: State) -> Bool {
        (state.isAnswering || state.message != nil) && !state.isClosing && state.end == nil
    }

    /// Ends it: what waits can still be received, then comes this.
    func finish(_ end: Outcome) {
        let (receiver, room, waiters) = state.withLock { state in
            if state.end == nil { state.end = end }
            defer { (state.receiver, state.room, state.endWaiters) = (nil, nil, []) }
            return (state.receiver, state.room, state.endWaiters)
        }
        receiver?.resume(returning: end)
        room?.resume()
        for waiter in waiters { waiter.resume() }
    }

    /// Tells whether it has ended.
    var isFinished: Bool { state.withLock { $0.end != nil } }

    /// Waits for the end, whether or not the task is cancelled; somebody must bring it about.
    func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.end == nil { state.endWaiters.append(continuation) }
                return state.end != nil
            }
            if isOver { continuation.resume() }
        }
    }
}
