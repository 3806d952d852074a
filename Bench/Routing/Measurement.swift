import Messages
import Routing
import Spooling

/// Loads a table, and looks topics up.
struct Measurement {
    let folder: String

    private static let lookups = 200_000

    /// Runs it; the result is a line of JSON.
    func run() async throws -> String {
        let sample = Sample(folder: folder)
        let start = nanoseconds()
        let configuration = try sample.configuration()
        let afterFile = nanoseconds()
        let spool = try await sample.open()
        let directory = Directory()
        try await directory.load(from: spool)
        let end = nanoseconds()
        let peak = peakMemory()
        var table = configuration.table
        table.directory = directory
        let times = try lookUp(table)
        let changes = try await change(directory)
        await spool.close()
        let report: JSON = [
            "subscriptions": .integer(Int64(directory.subscriptionCount)),
            "routes": .integer(Int64(table.routes.count)),
            "file_s": .number(Double(afterFile - start) / 1e9), "load_s": .number(Double(end - start) / 1e9),
            "peak_mib": .number(Double(peak) / 1_024),
            "p50_us": .number(times[times.count / 2]), "p99_us": .number(times[times.count * 99 / 100]),
            "p999_us": .number(times[times.count * 999 / 1_000]),
            "change_p50_us": .number(changes[changes.count / 2]),
            "change_max_us": .number(changes[changes.count - 1]),
        ]
        return report.description
    }

    /// The time of each lookup in microseconds, in ascending order; topics are drawn from all applications alike.
    private func lookUp(_ table: RouteTable) throws -> [Double] {
        let applications = max(1, table.directory.subscriptionCount / Sample.perApplication)
        var random = SystemRandomNumberGenerator()
        let topics = try (0..<Self.lookups).map { _ in
            try Sample.topic(Int.random(in: 0..<applications, using: &random))
        }
        var times: [Double] = []
        times.reserveCapacity(topics.count)
        for topic in topics {
            let start = nanoseconds()
            let routes = table.candidates(for: topic)
            let subscriptions = table.directory.subscriptions(for: topic)
            let time = nanoseconds() - start
            guard routes.count + subscriptions.count == 10 else {
                fail("\(topic) has \(routes.count) routes and \(subscriptions.count) subscriptions, not 10 in all")
            }
            times.append(Double(time) / 1_000)
        }
        return times.sorted()
    }

    /// The time of each of many subscriptions and their ends in memory, in microseconds, in ascending order.
    private func change(_ directory: Directory) async throws -> [Double] {
        let first = Int64(directory.subscriptionCount) + 1
        let subscriptions = try (0..<20_000 as Range<Int64>).map { number in
            Subscription(
                id: first + number, pattern: try TopicPattern(parsing: "repo:fresh\(number)/**/x\(number)"),
                address: try Address(parsing: "chat:N\(number)"), created: Timestamp(seconds: 0), creator: "bench")
        }
        var times: [Double] = []
        for subscription in subscriptions {
            let start = nanoseconds()
            directory.add(subscription)
            times.append(Double(nanoseconds() - start) / 1_000)
        }
        for subscription in subscriptions {
            let start = nanoseconds()
            directory.remove(subscription.id)
            times.append(Double(nanoseconds() - start) / 1_000)
        }
        return times.sorted()
    }
}
