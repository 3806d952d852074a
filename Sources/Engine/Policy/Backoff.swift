/// How long a step that failed waits before it is made again: twice as long each time, up to a bound.
struct Backoff {
    /// The pause after the first failure.
    static let first = Duration.milliseconds(100)
    /// The longest pause.
    static let maximum = Duration.seconds(5)

    private var pause: Duration?

    /// The pause after one more failure.
    mutating func next() -> Duration {
        let next = min(pause.map { $0 * 2 } ?? Self.first, Self.maximum)
        pause = next
        return next
    }

    /// The step succeeded.
    mutating func reset() {
        pause = nil
    }
}
