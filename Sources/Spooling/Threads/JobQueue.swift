import Synchronization

/// Work on its way to the threads that block for it.
///
/// Jobs are taken in the order they came in. What the queue holds is bounded by who fills it: everybody waits for the
/// job handed in, and new messages are refused beyond ``SQLiteSpool/maximumQueued``.
final class JobQueue<Job: Sendable>: Sendable {
    private struct State {
        var jobs: [Job] = []
        /// Wakes those who found nothing, each once.
        var sleepers: [@Sendable () -> Void] = []
        var isClosed = false
    }

    /// What somebody who takes jobs finds.
    enum Found {
        case jobs([Job])
        /// Nothing yet: whoever asked is woken once.
        case none
        /// Nothing any more.
        case closed
    }

    private let state = Mutex(State())

    /// How many jobs nobody has taken yet.
    var count: Int { state.withLock { $0.jobs.count } }

    /// Hands in a job; `false` when the queue is closed.
    func push(_ job: Job) -> Bool {
        let (isTaken, wake) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard !state.isClosed else { return (false, nil) }
            state.jobs.append(job)
            // Whoever is woken no longer counts as asleep, so that one sleeper is woken once.
            return (true, state.sleepers.popLast())
        }
        wake?()
        return isTaken
    }

    /// Takes at most so many jobs; without any, `wake` is called when there are some or the queue is closed.
    func take(upTo limit: Int, orWake wake: @escaping @Sendable () -> Void) -> Found {
        state.withLock { state in
            if !state.jobs.isEmpty { return .jobs(Self.remove(upTo: limit, from: &state)) }
            if state.isClosed { return .closed }
            state.sleepers.append(wake)
            return .none
        }
    }

    /// Takes no more jobs; those handed in are still given out.
    func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            defer { state.sleepers = [] }
            return state.sleepers
        }
        for wake in sleepers { wake() }
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
