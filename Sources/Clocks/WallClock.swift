public import Messages

/// Where a part of the router gets the time from, and how it waits; tests and the simulator pass their own.
public protocol WallClock: Sendable {
    /// The time now.
    var now: Timestamp { get }

    /// Waits at least this long; a zero or negative duration returns at once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws

    /// A time from any start that never goes back, to measure how long something took.
    var uptime: Duration { get }
}

extension WallClock {
    /// By the clock that tells the time, for one that nobody sets back.
    public var uptime: Duration { .milliseconds(now.milliseconds) }
}
