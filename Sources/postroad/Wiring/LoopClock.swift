import Clocks
import Messages
import Transport

/// The machine's clock, whose waiting is done by an event loop: while a task waits by Swift's own means, the process is
/// woken every second (Swift 6.3 with libdispatch on Linux).
struct LoopClock: WallClock {
    let loop: EventLoop

    /// The machine's wall-clock time.
    var now: Timestamp { SystemClock().now }

    /// Waits on the loop's monotonic clock.
    func sleep(for duration: Duration) async throws {
        try await loop.sleep(for: duration)
    }
}
