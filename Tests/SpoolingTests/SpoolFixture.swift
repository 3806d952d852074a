import Clocks
import Files
import Glibc
import Logging
import Messages
import Spooling
import TestSupport

/// A spool in a folder of its own, with a clock that a test moves.
struct SpoolFixture {
    let folder: FilePath
    let clock: ManualClock
    let log: LogRecorder
    var limit: Int64?
    var files = FileSystem.posix

    /// Opens the spool, runs the body and closes it again.
    func open<Result>(_ body: (SQLiteSpool) async throws -> Result) async throws -> Result {
        let spool = try await SQLiteSpool(
            folder: folder, limit: limit, clock: clock, logger: Logger(level: .debug, sink: log), files: files)
        do {
            let result = try await body(spool)
            await spool.close()
            return result
        } catch {
            await spool.close()
            throw error
        }
    }

    /// A message to these recipients.
    func entry(
        _ text: String = "hello", to recipients: [String] = ["work:C1"], thread: String? = nil,
        due: Timestamp? = nil, state: DispatchState = .waiting, dedupe: String? = nil, remoteID: String? = nil
    ) throws -> SpoolEntry {
        var random = SystemRandomNumberGenerator()
        var envelope = Envelope(
            id: MessageID(time: clock.now, using: &random), time: clock.now,
            from: try Address(parsing: "mail:ann@example.org"), topic: try Topic(parsing: "mail:support"),
            subject: text, parts: [.text(text)])
        envelope.thread = thread
        let dispatches = try recipients.map {
            DispatchDraft(
                recipient: try Address(parsing: $0), state: state, reason: state == .waiting ? nil : "for a reason",
                due: due ?? clock.now, route: RouteOrigin(name: "support", location: "routes.yaml:3"))
        }
        let key = dedupe.map { DedupeKey(scope: "mail", key: $0, fingerprint: [1], expires: clock.now + .seconds(60)) }
        return SpoolEntry(
            envelope: envelope, accepted: clock.now, dispatches: dispatches, dedupe: key, remoteID: remoteID)
    }

    /// A settlement of the first attempt.
    func settlement(_ number: Int64, attempt: Int = 1, _ outcome: Settlement.Outcome) -> Settlement {
        Settlement(
            number: number, attempt: attempt, started: clock.now, finished: clock.now + .seconds(1), outcome: outcome)
    }

    /// The start of an attempt now.
    func start(_ number: Int64, attempt: Int = 1) -> AttemptStart {
        AttemptStart(number: number, attempt: attempt, started: clock.now)
    }
}

/// Runs the body with the means to open a spool in a new folder.
func withFixture<Result>(_ body: (SpoolFixture) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { folder in
        try await body(
            SpoolFixture(folder: FilePath(folder).appending("spool"), clock: ManualClock(), log: LogRecorder()))
    }
}

/// Runs the body with a new open spool.
func withSpool<Result>(_ body: (SQLiteSpool, SpoolFixture) async throws -> Result) async throws -> Result {
    try await withFixture { fixture in try await fixture.open { try await body($0, fixture) } }
}

extension SpoolAcceptance {
    /// The numbers of an accepted entry; empty for a duplicate.
    var numbers: [Int64] {
        if case .accepted(let numbers) = self { numbers } else { [] }
    }
}

extension SQLiteSpool {
    /// Accepts an entry of one dispatch and returns its number.
    func acceptOne(_ entry: SpoolEntry) async throws -> Int64 {
        let numbers = try await accept(entry).numbers
        return numbers.first ?? -1
    }

    /// Loads the lane of a recipient.
    func load(_ recipient: String, by time: Timestamp, limit: Int = 100) async throws -> LaneLoad {
        let lanes = try await lanes(of: [Address(parsing: recipient)])
        return try await load(lanes, dueBy: time, limit: limit).first
            ?? LaneLoad(dispatches: [], hasMore: false, nextDue: nil)
    }

    /// The dispatches that fit a filter.
    func list(_ filter: String, limit: Int = 100) async throws -> [DispatchSummary] {
        try await list(
            DispatchFilter(parsing: filter, now: Timestamp(seconds: 1_700_000_000)), before: nil, limit: limit)
    }
}

extension FilePath {
    /// What a symbolic link leads to; `nil` for anything else.
    var target: String? {
        var target = [CChar](repeating: 0, count: 4_096)
        let count = readlink(text, &target, target.count)
        return count > 0 ? String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
