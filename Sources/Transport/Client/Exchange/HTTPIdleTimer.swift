/// Notices when nothing has moved for so long; on the loop's thread, to be closed by its owner.
final class HTTPIdleTimer {
    private let timer: LoopTimer
    private let loop: EventLoop
    private let milliseconds: Int64
    private let expired: () -> Bool
    private var last: Int64

    /// Starts the timer; `expired` tells whether to go on.
    init(_ timeout: Duration, on loop: EventLoop, expired: @escaping () -> Bool) {
        timer = LoopTimer(loop: loop)
        self.loop = loop
        self.expired = expired
        milliseconds = max(1, timeout.loopMilliseconds)
        last = loop.now
        schedule(after: milliseconds)
    }

    func moved() {
        last = loop.now
    }

    func close() {
        timer.close()
    }

    private func schedule(after milliseconds: Int64) {
        timer.schedule(after: milliseconds) { [unowned self] in check() }
    }

    private func check() {
        let rest = last + milliseconds - loop.now
        if rest > 0 {
            schedule(after: rest)
        } else if expired() {
            last = loop.now
            schedule(after: milliseconds)
        }
    }
}
