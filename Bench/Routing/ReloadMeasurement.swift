import Messages
import Routing
import Spooling
import Synchronization

/// Loads the file anew, again and again, while another thread looks topics up, and tells how long the longest lookup took.
///
/// The table is swapped as the exchange swaps it: under a lock, and the old one is freed outside.
struct ReloadMeasurement {
    let folder: String

    private static let reloads = 5

    /// Runs it; the result is a line of JSON.
    func run() async throws -> String {
        let sample = Sample(folder: folder)
        let spool = try await sample.open()
        let directory = Directory()
        try await directory.load(from: spool)
        await spool.close()
        let current = try Current(table: table(sample, directory))
        let applications = max(1, directory.subscriptionCount / Sample.perApplication)
        let topics = try (0..<10_000).map { try Sample.topic($0 * 7 % applications) }
        let quiet = await Self.longest(current, topics, until: Deadline(seconds: 2))
        let isDone = Deadline(seconds: 3_600)
        let traffic = Task.detached { await Self.longest(current, topics, until: isDone) }
        var longestReload: UInt64 = 0
        for _ in 0..<Self.reloads {
            let start = nanoseconds()
            try current.use(table(sample, directory))
            longestReload = max(longestReload, nanoseconds() - start)
        }
        isDone.finish()
        let busy = await traffic.value
        let report: JSON = [
            "reload_s": .number(Double(longestReload) / 1e9), "reloads": .integer(Int64(Self.reloads)),
            "longest_quiet_ms": .number(quiet.longest), "longest_reloading_ms": .number(busy.longest),
            "lookups_reloading": .integer(Int64(busy.count)),
        ]
        return report.description
    }

    private func table(_ sample: Sample, _ directory: Directory) throws -> RouteTable {
        var table = try sample.configuration().table
        table.directory = directory
        return table
    }

    private static func longest(
        _ current: Current, _ topics: [Topic], until deadline: Deadline
    ) async -> (longest: Double, count: Int) {
        var (longest, count) = (0 as UInt64, 0)
        while !deadline.isOver {
            for topic in topics.prefix(100) {
                let start = nanoseconds()
                let table = current.table
                if table.candidates(for: topic).count + table.directory.subscriptions(for: topic).count == 10 {
                    count += 1
                }
                longest = max(longest, nanoseconds() - start)
            }
        }
        return (Double(longest) / 1e6, count)
    }

    /// The table in force.
    private final class Current: Sendable {
        private let state: Mutex<RouteTable>

        init(table: RouteTable) {
            state = Mutex(table)
        }

        var table: RouteTable { state.withLock { $0 } }

        func use(_ table: RouteTable) {
            var table = table
            state.withLock { old in swap(&old, &table) }
        }
    }

    /// When to end.
    private final class Deadline: Sendable {
        private let end: Atomic<UInt64>

        init(seconds: UInt64) {
            end = Atomic(nanoseconds() + seconds * 1_000_000_000)
        }

        var isOver: Bool { nanoseconds() >= end.load(ordering: .relaxed) }

        func finish() { end.store(0, ordering: .relaxed) }
    }
}
