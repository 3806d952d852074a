extension EventLoop {
    /// Waits at least this long, to the millisecond, on the loop's monotonic clock; zero or less returns at once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled or the loop stopped meanwhile.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard duration > .zero else { return }
        let sleeper = LoopBound(LoopSleeper(), to: self)
        let isDone = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = perform {
                    sleeper.value.start(on: sleeper.loop, for: duration, continuation)
                }
                if !accepted { continuation.resume(returning: false) }
            }
        } onCancel: {
            perform { sleeper.value.end(false) }
        }
        guard isDone else { throw CancellationError() }
    }
}

/// One sleeping task.
private final class LoopSleeper {
    private var timer: LoopTimer?
    private var continuation: CheckedContinuation<Bool, Never>?
    private var isOver = false

    func start(on loop: EventLoop, for duration: Duration, _ continuation: CheckedContinuation<Bool, Never>) {
        guard !isOver else {
            continuation.resume(returning: false)
            return
        }
        self.continuation = continuation
        let timer = LoopTimer(loop: loop)
        timer.whenClosed = { [self] in end(false) }
        timer.schedule(after: duration.loopMilliseconds) { [self] in end(true) }
        self.timer = timer
    }

    func end(_ isDone: Bool) {
        guard !isOver else { return }
        isOver = true
        timer?.close()
        timer = nil
        continuation?.resume(returning: isDone)
        continuation = nil
    }
}

extension Duration {
    /// The duration in milliseconds as a timer takes them: rounded up, so that none ends early, and never negative.
    var loopMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return overflow ? .max / 4 : min(product, .max / 4) + rest
    }
}
