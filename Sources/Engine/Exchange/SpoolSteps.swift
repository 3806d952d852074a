/// What the exchange asks of the spool by itself, and asks again when it fails; the raw value is what the log says then.
enum SpoolStep: String, Sendable, CaseIterable {
    /// Finding out which lanes have something to do.
    case find = "lanes cannot be found"
    /// Reading the next dispatches of lanes.
    case load = "lanes cannot be read"
    /// Recording attempts that are about to be made.
    case begin = "attempts cannot be recorded"
    /// Recording how attempts ended.
    case settle = "receipts cannot be recorded"
    /// Ending dispatches whose time is over.
    case expire = "expired dispatches cannot be ended"
    /// Shortening waits after the clock was set back.
    case shorten = "waits cannot be shortened"
    /// Going on with the stages after a hold.
    case resume = "held dispatches cannot go on"
}

/// How the steps of the spool go: how long one that failed waits, and what the log is told of it.
///
/// A disk that fails makes hundreds of steps fail in a second. They wait together, and the log has one line when that
/// begins, one a minute with their number while it lasts, and one when it is over.
struct SpoolSteps {
    /// What is to be done about a failure.
    struct Failure {
        /// How long such steps wait.
        let pause: Duration
        /// How many failures the log has not been told of; `nil` while it is not to be told.
        let untold: Int?
    }

    private struct Trouble {
        var backoff = Backoff()
        /// Until when such steps wait: what fails before has begun before, and makes them wait no longer.
        var end = Duration.zero
        var isOpen = false
        var isTold = false
        var told: Duration?
        var untold = 0
        var failures = 0
    }

    /// How often the log is told of the same step, at most.
    private static let period = Duration.seconds(60)

    private var troubles: [SpoolStep: Trouble] = [:]
    private var open = 0

    /// Notes a failure at this time, by a clock that is never set.
    mutating func failed(_ step: SpoolStep, at now: Duration) -> Failure {
        var trouble = troubles[step] ?? Trouble()
        defer { troubles[step] = trouble }
        if !trouble.isOpen { open += 1 }
        trouble.isOpen = true
        trouble.failures += 1
        trouble.untold += 1
        if trouble.end <= now { trouble.end = now + trouble.backoff.next() }
        if let told = trouble.told, now - told < Self.period {
            return Failure(pause: trouble.end - now, untold: nil)
        }
        defer { trouble.untold = 0 }
        trouble.told = now
        trouble.isTold = true
        return Failure(pause: trouble.end - now, untold: trouble.untold)
    }

    /// Notes a success; returns after how many failures, when the log is to be told that the trouble is over.
    mutating func succeeded(_ step: SpoolStep) -> Int? {
        guard open > 0, var trouble = troubles[step], trouble.isOpen else { return nil }
        defer { troubles[step] = trouble }
        open -= 1
        trouble.isOpen = false
        trouble.backoff.reset()
        trouble.end = .zero
        guard trouble.isTold else { return nil }
        trouble.isTold = false
        defer { trouble.failures = 0 }
        return trouble.failures
    }
}
