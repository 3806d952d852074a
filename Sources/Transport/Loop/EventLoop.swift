import CUV
import Glibc
import Synchronization

/// One libuv loop on a thread of its own, on which tasks and actors run.
///
/// `Task(executorPreference: loop) { … }` and actors whose `unownedExecutor` is `loop.asUnownedSerialExecutor()` never
/// leave the thread, so a connection's code is plain `async` Swift without locks. Jobs run first in, first out; after
/// ``jobsPerTurn`` of them the loop looks at its sockets and timers before it goes on. Who asks for much lets turns go by
/// and gets ``restingTime`` of each, after all others.
///
/// A loop lives until ``stop()``: its thread holds it.
public final class EventLoop {
    /// The name of the loop and, cut to 15 bytes, of its thread.
    public let name: String

    /// The loop's own structure; only the files of this folder and the handles touch it, on the loop's thread.
    let uv: UnsafeMutablePointer<uv_loop_t>
    /// Where every stream of this loop reads into; libuv reads and calls back in one step, so one is enough.
    let readBuffer: UnsafeMutableRawBufferPointer

    private let inbox: Mutex<LoopInbox>
    private let thread = Atomic<UInt>(0)
    private var queue = LoopQueue()
    /// Who let a turn go by, the one that waits longest in front.
    private var resting: [UnsafeContinuation<Void, Never>] = []
    private var turn: LoopTurn?
    private(set) var isStopping = false

    private init(name: String, wake: LoopWake, uv: UnsafeMutablePointer<uv_loop_t>) {
        self.name = name
        self.uv = uv
        readBuffer = .allocate(byteCount: Self.readSize, alignment: 16)
        inbox = Mutex(LoopInbox(wake: wake))
    }

    deinit {
        uv.deallocate()
        readBuffer.deallocate()
    }

    /// How many jobs run before the loop looks at its sockets and timers again.
    static var jobsPerTurn: Int { 512 }
    /// How long, in nanoseconds, those who let a turn go by run in the next one; at least one of them does.
    static var restingTime: Int64 { 200_000 }
    /// The most bytes one read takes from a socket.
    static var readSize: Int { 65_536 }
}

// MARK: - Starting and stopping

extension EventLoop {
    /// Starts a loop on a new thread.
    ///
    /// - Throws: `TransportError.system` when the system has no descriptor or thread left.
    public static func start(name: String) throws(TransportError) -> EventLoop {
        let wake = try LoopWake()
        let uv = UnsafeMutablePointer<uv_loop_t>.allocate(capacity: 1)
        do throws(TransportError) {
            try check(uv_loop_init(uv), "uv_loop_init", name)
        } catch {
            uv.deallocate()
            throw error
        }
        let loop = EventLoop(name: name, wake: wake, uv: uv)
        try check(wake.open(on: uv), "uv_poll_init", name)
        let turn = LoopTurn { [unowned loop] isNewTurn in loop.drain(isNewTurn: isNewTurn) }
        try check(turn.open(on: uv), "uv_prepare_init", name)
        loop.turn = turn
        try loop.startThread()
        return loop
    }

    private func startThread() throws(TransportError) {
        var thread = pthread_t()
        // The new thread takes this reference over and drops it at its end.
        let loop = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, loop.toOpaque())
        if code != 0 {
            loop.release()
            throw .system(operation: "pthread_create", code: -code, subject: name)
        }
        inbox.withLock { $0.thread = thread }
    }

    /// Closes every handle of the loop, runs what is queued, and returns when the thread has ended.
    ///
    /// Reads, writes and sleeps under way end with ``TransportError/loopStopped(name:)``. Must not be called from a
    /// task of this loop unless another one waits for it. Stopping twice is harmless.
    public func stop() async {
        let accepted = execute { [self] in beginStopping() }
        guard accepted else { return }
        let thread = await withCheckedContinuation { continuation in
            inbox.withLock { $0.wait(for: continuation) }
        }
        guard let thread else { return }
        // Nobody can wait for the thread on itself; the system frees it then.
        if inLoop { pthread_detach(thread) } else { pthread_join(thread, nil) }
    }

    private func beginStopping() {
        guard !isStopping else { return }
        isStopping = true
        inbox.withLock { $0.wake.release() }
        closeHandles()
    }

    private func closeHandles() {
        uv_walk(
            uv,
            { handle, _ in
                // Only handles of ours have data; the loop's own have none and are closed last.
                guard let handle, let data = handle.pointee.data else { return }
                Unmanaged<LoopHandle>.fromOpaque(data).takeUnretainedValue().close()
            }, nil)
    }
}

// MARK: - The thread

extension EventLoop {
    private func run() {
        thread.store(UInt(pthread_self()), ordering: .releasing)
        cuv_name_thread(name)
        // libuv does not ask the kernel to leave the signal out.
        blockPipeSignal()
        repeat {
            uv_run(uv, UV_RUN_DEFAULT)
            drain(isNewTurn: true)
        } while !isStopping || uv_loop_alive(uv) != 0 || !queue.isEmpty || !resting.isEmpty || !closeInbox()
        turn?.close()
        turn = nil
        uv_run(uv, UV_RUN_DEFAULT)
        uv_loop_close(uv)
        let waiting = inbox.withLock { $0.takeWaiting() }
        for (index, continuation) in waiting.continuations.enumerated() {
            continuation.resume(returning: index == 0 ? waiting.thread : nil)
        }
    }

    /// Closes the door for jobs unless some are waiting in front of it.
    private func closeInbox() -> Bool {
        inbox.withLock { $0.close() }
    }

    /// Runs what is queued; in a new turn, behind it, those who let the last one go by.
    private func drain(isNewTurn: Bool) {
        inbox.withLock { $0.move(to: &queue) }
        runJobs()
        if isNewTurn, !resting.isEmpty { runResting() }
        // Jobs may open handles while the loop ends.
        if isStopping { closeHandles() }
        turn?.mustNotSleep(!queue.isEmpty || !resting.isEmpty)
    }

    private func runJobs() {
        var budget = Self.jobsPerTurn
        while budget > 0, let work = queue.next() {
            switch work {
            case .job(let job):
                // Not `isolatedTo:` as well, which would make the runtime queue a job again for each step from a
                // continuation back to plain async code (measured: 330 ns instead of 60); actors on the loop ask
                // `isIsolatingCurrentContext`.
                job.runSynchronously(on: asUnownedTaskExecutor())
            case .closure(let closure):
                closure()
            }
            budget -= 1
        }
    }

    /// However many there are, they hold up the sockets for a short time only.
    private func runResting() {
        let end = monotonicNanoseconds() + Self.restingTime
        repeat {
            resting.removeFirst().resume()
            runJobs()
        } while !resting.isEmpty && monotonicNanoseconds() < end
    }
}

// MARK: - Executor

// Safe: `inbox` is a Mutex and `thread` atomic; `name`, `uv` and `readBuffer` never change, and what they point to,
// `queue`, `resting`, `turn` and `isStopping` are touched before the thread starts and then by the loop's thread alone (`run`,
// `drain` and what they call; `enqueue` looks at `inLoop` first).
extension EventLoop: @unchecked Sendable {}

extension EventLoop: TaskExecutor, SerialExecutor {
    /// Tells whether the caller runs on the loop's thread.
    public var inLoop: Bool {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    /// Queues a job of Swift's runtime; called from any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if inLoop {
            queue.append(.job(job))
        } else if !inbox.withLock({ $0.append(.job(job)) }) {
            // The loop is gone: a task that outlived it still has to end somewhere.
            globalConcurrentExecutor.enqueue(job)
        }
    }

    /// Runs the work on the loop's thread, later; false when the loop has been stopped and never will.
    func execute(_ work: @escaping @Sendable () -> Void) -> Bool {
        inbox.withLock { $0.append(.closure(work)) }
    }

    /// Runs the work on the loop's thread: at once when the caller is there; false when the loop has been stopped.
    @discardableResult
    func perform(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard inLoop else { return execute(work) }
        work()
        return true
    }

    /// Lets all that is queued, and the sockets, go first, and shares what is left of the turns with others that do so.
    ///
    /// Returns at once when the caller is not on the loop's thread.
    nonisolated(nonsending) func nextTurn() async {
        guard inLoop else { return }
        await withUnsafeContinuation { resting.append($0) }
    }

    /// Runs the work behind what is queued now; called on the loop's thread only.
    func later(_ work: @escaping @Sendable () -> Void) {
        queue.append(.closure(work))
    }

    /// Stops the process when the caller does not run on the loop's thread.
    public func checkIsolated() {
        precondition(inLoop, "this code must run on the event loop's thread")
    }

    /// Tells whether the caller runs on the loop's thread.
    public func isIsolatingCurrentContext() -> Bool? {
        inLoop
    }

    /// The loop's time in milliseconds from an arbitrary start, as of the current turn; only on the loop's thread.
    var now: Int64 {
        Int64(clamping: uv_now(uv))
    }
}

/// The machine's monotonic clock.
func monotonicNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Throws what libuv reported, if it reported an error.
func check(_ code: CInt, _ operation: String, _ subject: @autoclosure () -> String) throws(TransportError) {
    if code < 0 { throw .system(operation: operation, code: code, subject: subject()) }
}
