import Glibc

/// What other threads hand to a loop, and who waits for the loop's end; lives behind a Mutex.
struct LoopInbox: ~Copyable {
    let wake: LoopWake
    var thread: pthread_t?
    private var work: [LoopWork] = []
    private var isAwake = false
    private var isClosed = false
    private var stopping: [CheckedContinuation<pthread_t?, Never>] = []

    init(wake: LoopWake) {
        self.wake = wake
    }

    /// Takes work in and wakes the loop, once for all that came since its last turn; false when the loop is gone.
    mutating func append(_ item: LoopWork) -> Bool {
        guard !isClosed else { return false }
        work.append(item)
        if !isAwake {
            isAwake = true
            wake.send()
        }
        return true
    }

    mutating func move(to queue: inout LoopQueue) {
        isAwake = false
        guard !work.isEmpty else { return }
        queue.append(contentsOf: work)
        work.removeAll(keepingCapacity: true)
    }

    /// Refuses work from now on; false, and nothing changes, when some is waiting.
    mutating func close() -> Bool {
        guard work.isEmpty else { return false }
        if !isClosed {
            isClosed = true
            wake.close()
        }
        return true
    }

    mutating func wait(for end: CheckedContinuation<pthread_t?, Never>) {
        if hasEnded {
            end.resume(returning: thread.take())
        } else {
            stopping.append(end)
        }
    }

    private var hasEnded = false

    /// Ends the waiting: the first one joins the thread, now or when it comes.
    mutating func takeWaiting() -> (thread: pthread_t?, continuations: [CheckedContinuation<pthread_t?, Never>]) {
        hasEnded = true
        defer { stopping = [] }
        return (stopping.isEmpty ? nil : thread.take(), stopping)
    }
}
