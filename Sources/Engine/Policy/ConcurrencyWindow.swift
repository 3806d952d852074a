/// How many attempts go at once: fewer after failures, more again with successes, as TCP does and Postfix for its
/// destinations.
///
/// A failure counts from the one after `tolerance` failures in a row on, so that one dead recipient of many does not
/// slow the others. After ``collapse()`` it starts with one and doubles with each round of successes, up to half of
/// what there was; from there on it grows by one a round.
struct ConcurrencyWindow {
    /// The most attempts at once.
    var maximum: Int
    private let tolerance: Int
    private let backoff: Double
    private var current: Double
    private var threshold: Double
    private var failures = 0

    /// Creates a window that is quite open.
    ///
    /// - Parameters:
    ///   - maximum: The most attempts at once.
    ///   - tolerance: How many failures in a row change nothing.
    ///   - backoff: What is left of the window after each further failure, as a share.
    init(maximum: Int, tolerance: Int, backoff: Double) {
        self.maximum = max(1, maximum)
        self.tolerance = tolerance
        self.backoff = backoff
        current = Double(self.maximum)
        threshold = current
    }

    /// How many attempts may go at once now, at least 1.
    var limit: Int { max(1, min(maximum, Int(current))) }

    /// Whether nothing holds it back.
    var isFull: Bool { limit == maximum }

    /// Tells whether one more may go beside those under way.
    func allows(_ active: Int) -> Bool { active < limit }

    /// The platform took a dispatch, or answered at least.
    mutating func succeeded() {
        failures = 0
        guard !isFull else { return }
        current = min(Double(maximum), current + (current < threshold ? 1 : 1 / current))
    }

    /// An attempt failed.
    mutating func failed() {
        failures += 1
        guard failures > tolerance else { return }
        // An opened limit that was lowered meanwhile is not what the failures happened at.
        current = max(1, min(current, Double(maximum)) * backoff)
        threshold = current
    }

    /// Nothing goes at all: begin anew with one.
    mutating func collapse() {
        threshold = max(1, min(threshold, Double(maximum)) / 2)
        current = 1
    }
}
