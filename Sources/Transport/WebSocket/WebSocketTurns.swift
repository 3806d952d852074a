import Synchronization

/// Lets one sender at a time, in the order of their calls; and keeps a pong for the one whose turn it is.
final class WebSocketTurns: Sendable {
    private struct State {
        var isTaken = false
        var waiters: [(ticket: StreamTicket, continuation: CheckedContinuation<Bool, Never>)] = []
        var pong: [UInt8]?
    }

    private let state = Mutex(State())

    /// Waits for the turn; false when the task was cancelled before it came.
    func take() async -> Bool {
        if tryTake() { return true }
        let ticket = StreamTicket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(ticket, $0) }
        } onCancel: {
            ticket.isCancelled.store(true, ordering: .releasing)
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.ticket === ticket }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Waits for the turn, even in a task that is cancelled, which may still say good-bye.
    func takeInAnyCase() async {
        let ticket = StreamTicket()
        let hasTurn = await withCheckedContinuation { wait(ticket, $0) }
        assert(hasTurn, "only a cancelled ticket has no turn")
    }

    private func wait(_ ticket: StreamTicket, _ continuation: CheckedContinuation<Bool, Never>) {
        let result = state.withLock { state -> Bool? in
            guard state.isTaken else {
                state.isTaken = true
                return true
            }
            if ticket.isCancelled.load(ordering: .acquiring) { return false }
            state.waiters.append((ticket, continuation))
            return nil
        }
        if let result { continuation.resume(returning: result) }
    }

    /// Takes the turn if it is free.
    func tryTake() -> Bool {
        state.withLock { state in
            guard !state.isTaken else { return false }
            state.isTaken = true
            return true
        }
    }

    /// Takes the turn if it is free, or else leaves a pong for whoever has it, in place of an earlier one (RFC 6455
    /// §5.5.3).
    func tryTake(orLeave pong: [UInt8]) -> Bool {
        state.withLock { state in
            if state.isTaken { state.pong = pong }
            defer { state.isTaken = true }
            return !state.isTaken
        }
    }

    /// The pong that was left meanwhile, or nil after the turn has passed to the next one.
    func pongOrGive() -> [UInt8]? {
        let (pong, next) = state.withLock { state -> ([UInt8]?, CheckedContinuation<Bool, Never>?) in
            if let pong = state.pong {
                state.pong = nil
                return (pong, nil)
            }
            guard !state.waiters.isEmpty else {
                state.isTaken = false
                return (nil, nil)
            }
            return (nil, state.waiters.removeFirst().continuation)
        }
        next?.resume(returning: true)
        return pong
    }
}
