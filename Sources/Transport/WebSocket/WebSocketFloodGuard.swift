/// Counts what costs its sender next to nothing: pings, pongs, and fragments without content.
struct WebSocketFloodGuard {
    private let limit: Int
    private var count = 0
    private var start: ContinuousClock.Instant

    init(limit: Int, at now: ContinuousClock.Instant = .now) {
        self.limit = limit
        start = now
    }

    /// Counts one; throws when there are more of them in ten seconds than are allowed.
    mutating func count(at now: ContinuousClock.Instant = .now) throws(WebSocketViolation) {
        if start.duration(to: now) >= .seconds(10) {
            start = now
            count = 0
        }
        count += 1
        guard count <= limit else {
            throw WebSocketViolation(code: .policyViolation, detail: "more than \(limit) control frames in ten seconds")
        }
    }
}
