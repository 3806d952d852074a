import CUV

/// A timer of a loop; used on the loop's thread only, and to be closed by its owner.
final class LoopTimer: LoopHandle {
    private var action: (() -> Void)?
    /// Runs once when the timer is closed, be it by its owner or by the loop's end.
    var whenClosed: (() -> Void)?

    init(loop: EventLoop) {
        super.init(loop: loop, type: UV_TIMER)
        // Cannot fail (libuv, uv_timer_init).
        uv_timer_init(loop.uv, pointer())
        didOpen()
    }

    /// Runs the action once after so many milliseconds, instead of what was scheduled before.
    func schedule(after milliseconds: Int64, _ action: @escaping () -> Void) {
        guard isOpen else { return }
        self.action = action
        uv_timer_start(
            pointer(), { handle in LoopTimer.from(handle)?.fire() }, UInt64(clamping: milliseconds), 0)
    }

    func cancel() {
        guard isOpen else { return }
        action = nil
        uv_timer_stop(pointer())
    }

    override func close() {
        action = nil
        super.close()
        let ending = whenClosed
        whenClosed = nil
        ending?()
    }

    private func fire() {
        guard let action else { return }
        self.action = nil
        action()
    }
}
