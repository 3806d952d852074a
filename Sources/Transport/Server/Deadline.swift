/// A point of time on the monotonic clock.
struct Deadline {
    private let instant: ContinuousClock.Instant

    private init(_ instant: ContinuousClock.Instant) {
        self.instant = instant
    }

    init(after duration: Duration) {
        instant = .now.advanced(by: duration)
    }

    static var now: Deadline { Deadline(.now) }

    func adding(_ duration: Duration) -> Deadline {
        Deadline(instant.advanced(by: duration))
    }

    /// The time that is left, or nil when it is over.
    var remaining: Duration? {
        let rest = ContinuousClock.Instant.now.duration(to: instant)
        return rest > .zero ? rest : nil
    }
}
