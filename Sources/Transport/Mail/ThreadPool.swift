import CUV
import Glibc
import Synchronization

/// Runs work that blocks on threads of its own, at most so many at one time; the rest waits in line.
///
/// A thread starts when there is work and ends when there is none.
final class ThreadPool: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var threads = 0
    }

    private let name: String
    private let maximalThreads: Int
    private let state = Mutex(State())

    init(name: String, maximalThreads: Int) {
        self.name = name
        self.maximalThreads = max(1, maximalThreads)
    }

    /// Runs the work, sooner or later; false when the system has no thread for it.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let needsThread = state.withLock { state in
            state.waiting.append(work)
            guard state.threads < maximalThreads else { return false }
            state.threads += 1
            return true
        }
        guard needsThread, !startThread() else { return true }
        return state.withLock { state in
            state.threads -= 1
            // The other threads do it, if there are any.
            guard state.threads == 0 else { return true }
            state.waiting = []
            return false
        }
    }

    private func startThread() -> Bool {
        var thread = pthread_t()
        // The new thread takes this reference over and drops it at its end.
        let pool = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadPool>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, pool.toOpaque())
        guard code == 0 else {
            pool.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func work() {
        cuv_name_thread(name)
        blockPipeSignal()
        while let work = next() { work() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}

/// Makes a write to a closed socket on this thread an error rather than a signal.
func blockPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
