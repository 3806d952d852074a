import Glibc

/// A thread for calls that block, so that neither an event loop nor the cooperative pool ever waits for a disk.
enum BlockingThread {
    /// Runs the body on a thread of its own, which ends with it.
    ///
    /// - Parameter body: What runs; whoever starts the thread learns of its end from the body.
    /// - Throws: ``SpoolError/disk(detail:)`` when the system gives no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SpoolError) {
        let start = Unmanaged.passRetained(ThreadStart(body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                // Balances the retain above: the thread owns its start from here on.
                let start = Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw .disk(detail: "no thread can be started (error \(code)); raise the limit of threads (ulimit -u)")
        }
        pthread_detach(thread)
    }
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
