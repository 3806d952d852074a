import Synchronization

/// Counts durations by how long they were.
///
/// Whoever measures adds to two atomic numbers and waits for nobody; whoever reads may see a duration in the buckets and
/// not yet in the sum.
public final class Histogram: Sendable {
    /// The most bounds.
    static let maximumBounds = 20

    /// The upper bounds of the buckets in seconds, ascending; what is longer than all of them counts too.
    public let bounds: [Double]
    private let microseconds: [Int64]
    private let buckets: InlineArray<21, Atomic<Int>>
    private let sum = Atomic<Int>(0)

    /// Creates an empty one; bounds beyond ``maximumBounds`` are left out.
    init(bounds: [Double]) {
        self.bounds = Array(bounds.prefix(Self.maximumBounds))
        microseconds = self.bounds.map { Int64($0 * 1_000_000) }
        buckets = InlineArray { _ in Atomic(0) }
    }

    /// Counts a duration; a negative one, from a clock that was set back, counts as none.
    func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let length = max(0, min(seconds, 1_000_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000)
        var index = 0
        while index < microseconds.count, length > microseconds[index] { index += 1 }
        buckets[index].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(Int(length), ordering: .relaxed)
    }

    /// How many durations were counted up to each of ``bounds``, and last how many there were at all.
    public var cumulativeCounts: [Int] {
        var total = 0
        return (0...bounds.count).map { index in
            total += buckets[index].load(ordering: .relaxed)
            return total
        }
    }

    /// All durations together, in seconds.
    public var totalSeconds: Double { Double(sum.load(ordering: .relaxed)) / 1_000_000 }
}

extension Histogram {
    /// From a tenth of a millisecond to ten seconds: what the router does itself, and what it asks others to do.
    static let latencyBounds = [
        0.0001, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// From a millisecond to a day: how long messages wait.
    static let waitBounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 1_800, 3_600, 21_600, 86_400,
    ]
}
