import Clocks
import Synchronization

/// Lets a feed sleep until a time, or until somebody rings.
final class FeedBell: Sendable {
    private struct State {
        var isRung = false
        var sleeper: Task<Void, any Error>?
    }

    private let state = Mutex(State())

    /// Wakes the sleeper; one who is not asleep does not fall asleep the next time.
    func ring() {
        state.withLock { state in
            state.isRung = true
            state.sleeper?.cancel()
        }
    }

    /// Sleeps; returns whether somebody rang.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration, on clock: any WallClock) async throws -> Bool {
        let sleeper = Task { try await clock.sleep(for: duration) }
        let isRung = state.withLock { state in
            state.sleeper = sleeper
            return state.isRung
        }
        if isRung { sleeper.cancel() }
        let outcome = await withTaskCancellationHandler {
            await sleeper.result
        } onCancel: {
            sleeper.cancel()
        }
        try Task.checkCancellation()
        let wasRung = state.withLock { state in
            defer { state = State() }
            return state.isRung
        }
        if !wasRung { try outcome.get() }
        return wasRung
    }
}
