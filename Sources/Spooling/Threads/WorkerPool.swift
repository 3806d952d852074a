import Synchronization

/// A few threads that do blocking work for tasks.
final class WorkerPool<Context>: Sendable {
    private typealias Job = @Sendable (Context) -> Void

    private let queue = JobQueue<Job>()
    private let ends: [Ending]

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: Where they run.
    ///   - count: How many.
    ///   - makeContext: Makes what a thread works with, on that thread; only one thread ever uses it.
    /// - Throws: What `makeContext` throws on any thread; none is left running then.
    init(
        on threads: any SpoolThreads, count: Int, makeContext: @escaping @Sendable () throws -> Context
    ) async throws(SpoolError) {
        ends = (0..<count).map { _ in Ending() }
        for end in ends {
            do throws(SpoolError) {
                try await threads.serve(queue, upTo: 1, ended: end, opening: makeContext) { jobs, context in
                    for job in jobs { job(context) }
                }
            } catch {
                queue.close()
                throw error
            }
        }
    }

    /// Runs the body on one of the threads.
    ///
    /// - Throws: ``SpoolError/closed`` after ``close()``, and what the body throws.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (Context) throws -> Value
    ) async throws(SpoolError) -> Value {
        let result: Result<Value, SpoolError> = await withCheckedContinuation { continuation in
            let isTaken = queue.push { context in
                continuation.resume(returning: Result { try body(context) }.mapError { SpoolError($0) })
            }
            if !isTaken { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// Has the body run on one of the threads, and does not wait for it; after ``close()`` it never runs.
    func submit(_ body: @escaping @Sendable (Context) -> Void) {
        _ = queue.push(body)
    }

    /// Takes no more work; the threads end when what was handed in is done.
    func finish() {
        queue.close()
    }

    /// Finishes what was handed in, and returns when the threads are done with their contexts.
    func close() async {
        finish()
        for end in ends { await end.wait() }
    }
}
