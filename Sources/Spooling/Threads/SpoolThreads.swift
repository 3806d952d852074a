/// Where the spool does what blocks: on threads of its own, or in a simulation as steps of one thread.
public protocol SpoolThreads: Sendable {
    /// Starts a thread that makes turns until one of them says ``SpoolTurn/end``.
    ///
    /// - Parameter begin: Runs on the thread and makes what its turns are made with; what it returns is called again and
    ///   again on that thread, after ``SpoolTurn/sleep`` not before `wake` has been called, which may be at once.
    /// - Throws: ``SpoolError/disk(detail:)`` when the system gives no more threads.
    func start(_ begin: @escaping @Sendable () -> MakeTurn) throws(SpoolError)
}

/// Makes one turn of a thread; `wake` ends a sleep, from any thread.
public typealias MakeTurn = (_ wake: @escaping @Sendable () -> Void) -> SpoolTurn

/// What a thread of the spool does after a turn.
public enum SpoolTurn: Sendable, Hashable {
    /// It makes the next one.
    case again
    /// It waits until it is woken.
    case sleep
    /// It ends.
    case end
}

/// The threads of the operating system.
public struct SystemThreads: SpoolThreads {
    /// Creates the threads of the operating system.
    public init() {}

    /// Starts a thread.
    public func start(_ begin: @escaping @Sendable () -> MakeTurn) throws(SpoolError) {
        try BlockingThread.start {
            let signal = Signal()
            let wake: @Sendable () -> Void = { signal.send() }
            let turn = begin()
            while true {
                switch turn(wake) {
                case .again: continue
                case .sleep: signal.wait()
                case .end: return
                }
            }
        }
    }
}

extension SpoolThreads {
    /// Starts a thread that opens a context and serves a queue with it until the queue is closed and empty.
    ///
    /// - Parameters:
    ///   - queue: What is served.
    ///   - limit: How many jobs are taken at once, at most.
    ///   - ended: Is reached when the context is gone.
    ///   - open: Makes the context, on the thread; only that thread ever uses it.
    ///   - serve: Does the jobs.
    /// - Throws: What `open` throws; the thread has ended then.
    func serve<Job, Context>(
        _ queue: JobQueue<Job>, upTo limit: Int, ended: Ending, opening open: @escaping @Sendable () throws -> Context,
        _ serve: @escaping @Sendable ([Job], Context) -> Void
    ) async throws(SpoolError) {
        let started: Result<Void, SpoolError> = await withCheckedContinuation { continuation in
            do throws(SpoolError) {
                try start {
                    var context: Context?
                    do {
                        context = try open()
                        continuation.resume(returning: .success(()))
                    } catch {
                        continuation.resume(returning: .failure(SpoolError(error)))
                    }
                    return { wake in
                        if let opened = context {
                            switch queue.take(upTo: limit, orWake: wake) {
                            case .jobs(let jobs):
                                serve(jobs, opened)
                                return .again
                            case .none: return .sleep
                            case .closed: context = nil
                            }
                        }
                        ended.reach()
                        return .end
                    }
                }
            } catch {
                ended.reach()
                continuation.resume(returning: .failure(error))
            }
        }
        try started.get()
    }
}
