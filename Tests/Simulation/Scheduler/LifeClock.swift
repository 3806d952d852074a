import Clocks
package import Messages

/// The clock of one life of the router: with it all sleep ends.
package final class LifeClock: WallClock {
    private final class State {
        let timeline: Timeline
        var isOver = false
        var nextID = 0
        var sleepers: [Int: CheckedContinuation<Void, any Error>] = [:]
        var cancelled: Set<Int> = []

        init(_ timeline: Timeline) {
            self.timeline = timeline
        }
    }

    private let confined: Confined<State>
    private var state: State { confined.value }

    /// Creates a clock that shows the timeline's time.
    package init(_ timeline: Timeline) {
        confined = Confined(State(timeline))
    }

    /// The time.
    package var now: Timestamp { state.timeline.wallTime }

    /// How long the timeline has gone on, whatever the clock on the wall shows.
    package var uptime: Duration { .milliseconds(state.timeline.elapsed) }

    /// Waits for the timeline to get there, whatever the clock on the wall shows meanwhile.
    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard !state.isOver else { throw CancellationError() }
        guard duration > .zero else { return }
        let id = state.nextID
        state.nextID += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { fallAsleep($0, id, duration) }
        } onCancel: {
            cancel(id)
        }
    }

    /// Ends all sleep, now and later.
    package func end() {
        state.isOver = true
        for id in state.sleepers.keys.sorted() { cancel(id) }
    }

    private func fallAsleep(_ sleeper: CheckedContinuation<Void, any Error>, _ id: Int, _ duration: Duration) {
        guard state.cancelled.remove(id) == nil, !state.isOver else {
            return sleeper.resume(throwing: CancellationError())
        }
        state.sleepers[id] = sleeper
        let state = state
        state.timeline.after(duration) { state.sleepers.removeValue(forKey: id)?.resume() }
    }

    private func cancel(_ id: Int) {
        guard let sleeper = state.sleepers.removeValue(forKey: id) else {
            state.cancelled.insert(id)
            return
        }
        sleeper.resume(throwing: CancellationError())
    }
}
