public import Clocks
public import Messages
import Synchronization

/// A clock that moves only when a test moves it; sleeping on it works.
public final class ManualClock: WallClock {
    private struct Sleeper {
        let id: Int
        let due: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// What never goes back.
        var now: Timestamp
        /// How far the clock on the wall was set ahead of that.
        var offset = Duration.zero
        var nextID = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Mutex<State>

    /// Creates a clock that stands at this time.
    public init(now: Timestamp = Timestamp(seconds: 1_700_000_000)) {
        state = Mutex(State(now: now))
    }

    /// The time the clock stands at.
    public var now: Timestamp { state.withLock { $0.now + $0.offset } }

    /// How far the clock has been moved, which setting it does not change.
    public var uptime: Duration { state.withLock { .milliseconds($0.now.milliseconds) } }

    /// Sets what ``now`` says ahead, or back; nobody who sleeps notices.
    public func set(by duration: Duration) {
        state.withLock { $0.offset += duration }
    }

    /// Waits until a test has moved the clock far enough.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard duration > .zero else { return }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                add(continuation, id: id, duration: duration)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Moves the clock and wakes who has slept long enough.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let now = state.now
            let due = state.sleepers.filter { $0.due <= now }.sorted { $0.due < $1.due }
            state.sleepers.removeAll { $0.due <= now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Sets the clock without waking anybody early, as an administrator might.
    public func jump(to time: Timestamp) {
        advance(by: time - now)
    }

    /// Returns when at least so many are asleep: the moment at which moving the clock means something.
    public func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func add(_ continuation: CheckedContinuation<Void, any Error>, id: Int, duration: Duration) {
        let (isCancelled, watchers) = state.withLock { state -> (Bool, [CheckedContinuation<Void, Never>]) in
            if state.cancelled.remove(id) != nil { return (true, []) }
            state.sleepers.append(Sleeper(id: id, due: state.now + duration, continuation: continuation))
            let count = state.sleepers.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.continuation)
            state.watchers.removeAll { $0.count <= count }
            return (false, ready)
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        for watcher in watchers { watcher.resume() }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
