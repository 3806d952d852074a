import Synchronization

/// Work on its way to the threads that block for it.
///
/// Jobs are taken in the order they came in. What the queue holds is bounded by who fills it: everybody waits for the
/// job handed in, and new messages are refused beyond ``SQLiteSpool/maximumQueued``.
final class JobQueue<Job: Sendable>: Sendable {
    private struct State {
        var jobs: [Job] = []
        var sleepers = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let signal = Signal()

    /// How many jobs nobody has taken yet.
    var count: Int { state.withLock { $0.jobs.count } }

    /// Hands in a job; `false` when the queue is closed.
    func push(_ job: Job) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.jobs.append(job)
            return (true, Self.wakes(&state))
        }
        if mustWake { signal.send() }
        return isTaken
    }

    /// Sleeps until there are jobs, and takes at most so many; `nil` when the queue is closed and empty.
    func take(upTo limit: Int) -> [Job]? {
        while true {
            let (jobs, isClosed) = state.withLock { state -> ([Job], Bool) in
                if state.jobs.isEmpty {
                    if !state.isClosed { state.sleepers += 1 }
                    return ([], state.isClosed)
                }
                return (Self.remove(upTo: limit, from: &state), false)
            }
            if !jobs.isEmpty { return jobs }
            if isClosed { return nil }
            signal.wait()
        }
    }

    /// Takes no more jobs; those handed in are still given out.
    func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            defer { state.sleepers = 0 }
            return state.sleepers
        }
        for _ in 0..<sleepers { signal.send() }
    }

    /// Whoever is woken no longer counts as asleep, so that one sleeper is woken once.
    private static func wakes(_ state: inout State) -> Bool {
        guard state.sleepers > 0 else { return false }
        state.sleepers -= 1
        return true
    }

    private static func remove(upTo limit: Int, from state: inout State) -> [Job] {
        guard state.jobs.count > limit else {
            let all = state.jobs
            state.jobs = []
            return all
        }
        let first = Array(state.jobs.prefix(limit))
        state.jobs.removeFirst(limit)
        return first
    }
}
