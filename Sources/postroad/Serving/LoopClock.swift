import Clocks
import Messages
import Transport

/// The machine's clock, with the timers of an event loop.
///
/// `Task.sleep` waits on threads of the runtime's own, which wake every second from the first wait on, as long as the
/// process lives.
struct LoopClock: WallClock {
    private let clock = SystemClock()
    let loop: EventLoop

    var now: Timestamp { clock.now }

    var uptime: Duration { clock.uptime }

    /// - Throws: `CancellationError`, also when the loop stops.
    func sleep(for duration: Duration) async throws {
        try await loop.sleep(for: duration)
    }
}
