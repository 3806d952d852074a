import Clocks
import Messages
import Spooling

/// Work for a spool, and how long each piece of it took.
struct SpoolLoad: Sendable {
    /// What was done.
    struct Done: Sendable {
        var messages = 0
        /// How long each accept took.
        var latencies: [Duration] = []
    }

    let spool: SQLiteSpool
    let clock: SystemClock

    /// Accepts one message at a time in so many loops.
    func accepts(for time: Duration, producers: Int) async throws -> Done {
        try await gather(producers) { producer in
            var result = Done()
            let end = ContinuousClock.now + time
            while ContinuousClock.now < end {
                let entry = try entry(result.messages &* 7 &+ producer)
                let start = ContinuousClock.now
                _ = try await spool.accept(entry)
                result.latencies.append(ContinuousClock.now - start)
                result.messages += 1
            }
            return result
        }
    }

    /// Accepts batches, begins their attempts and settles them as delivered, in so many loops.
    func lifecycles(for time: Duration, batch: Int, pipelines: Int) async throws -> Done {
        try await gather(pipelines) { _ in
            var result = Done()
            let end = ContinuousClock.now + time
            while ContinuousClock.now < end {
                let entries = try (0..<batch).map { try entry(result.messages + $0) }
                let start = ContinuousClock.now
                let accepted = try await spool.accept(entries)
                result.latencies.append(ContinuousClock.now - start)
                try await finish(accepted)
                result.messages += batch
            }
            return result
        }
    }

    private func finish(_ accepted: [SpoolAcceptance]) async throws {
        let now = clock.now
        let starts = accepted.flatMap { acceptance -> [AttemptStart] in
            guard case .accepted(let numbers) = acceptance else { return [] }
            return numbers.map { AttemptStart(number: $0, attempt: 1, started: now) }
        }
        let begun = try await spool.begin(starts)
        try await spool.settle(
            begun.map {
                Settlement(
                    number: $0, attempt: 1, started: now, finished: now,
                    outcome: .delivered(remoteIDs: [], detail: nil))
            })
    }

    private func gather(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Done) async throws -> Done {
        try await withThrowingTaskGroup(of: Done.self) { group in
            for index in 0..<count { group.addTask { try await body(index) } }
            return try await group.reduce(into: Done()) { sum, part in
                sum.messages += part.messages
                sum.latencies += part.latencies
            }
        }
    }

    private static let text = String(repeating: "x", count: 1_024)

    private func entry(_ number: Int) throws -> SpoolEntry {
        let now = clock.now
        var random = SystemRandomNumberGenerator()
        let envelope = Envelope(
            id: MessageID(time: now, using: &random), time: now, from: try Address(parsing: "load:generator"),
            topic: try Topic(parsing: "load:bench"), subject: nil, parts: [.text(Self.text)])
        let draft = DispatchDraft(
            recipient: try Address(parsing: "sink:\(number % 64)"), due: now,
            route: RouteOrigin(name: "bench", location: "routes.yaml:1"))
        return SpoolEntry(envelope: envelope, accepted: now, dispatches: [draft])
    }
}
