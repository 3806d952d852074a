import Clocks
import Configuration
import Files
import Logging
import Messages
import Routing
import Spooling
import Stages

/// A step of a message's way that is counted by itself.
enum Step: String, CaseIterable {
    /// Finds the one route of 200 that takes the message.
    case match
    /// The same, with a template and a truncation on the way.
    case stage
    /// Reads an envelope of 1 KiB from JSON and writes it again.
    case encode
    /// Makes a message and its dispatch durable.
    case accept
    /// Makes a message durable, begins its attempt and settles it.
    case settle

    /// Does the step so many times; returns how often it was seen to be done.
    func run(_ count: Int, folder: String) async throws -> Int {
        switch self {
        case .match: try plan(count, to: "hook:r199")
        case .stage: try plan(count, to: "hook:staged")
        case .encode: try encode(count)
        case .accept: try await spool(count, folder, settles: false)
        case .settle: try await spool(count, folder, settles: true)
        }
    }

    private func plan(_ count: Int, to recipient: String) throws -> Int {
        let table = try Samples.table()
        let envelope = try Samples.envelope(class: self == .stage ? "staged" : "bench/199", number: 1)
        let context = StageContext(now: envelope.time, router: "bench.local", recipient: nil)
        let expected = try Address(parsing: recipient)
        var found = 0
        for _ in 0..<count {
            let plan = table.plan(for: envelope, context: context)
            if plan.dispatches.map(\.recipient) == [expected] { found += 1 }
        }
        return found
    }

    private func encode(_ count: Int) throws -> Int {
        let bytes = try Samples.envelope(class: "bench/1", number: 1).encoded()
        var same = 0
        for _ in 0..<count where try Envelope(parsing: bytes).encoded().count == bytes.count { same += 1 }
        return same
    }

    private func spool(_ count: Int, _ folder: String, settles: Bool) async throws -> Int {
        let spool = try await SQLiteSpool(
            folder: FilePath(folder), clock: SystemClock(), logger: Logger(level: .error, sink: NoSink()))
        // Nobody delivers here, so what is announced is dropped.
        let drain = Task<Void, Never> { for await _ in spool.committed {} }
        var done = 0
        for number in 1...max(1, count) {
            let entry = try Samples.entry(number)
            guard case .accepted(let numbers) = try await spool.accept(entry) else { continue }
            if settles {
                let start = AttemptStart(number: numbers[0], attempt: 1, started: entry.accepted)
                guard try await spool.begin([start]) == numbers else { continue }
                try await spool.settle(
                    Settlement(
                        number: numbers[0], attempt: 1, started: entry.accepted, finished: entry.accepted,
                        outcome: .delivered(remoteIDs: [], detail: "HTTP 204")))
            }
            done += 1
        }
        await spool.close()
        await drain.value
        return done
    }
}

/// Nothing is logged while instructions are counted.
private struct NoSink: LogSink {
    func write(_ event: LogEvent) {}
}
