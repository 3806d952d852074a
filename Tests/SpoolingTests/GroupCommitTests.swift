import Messages
import SQLite
import TestSupport
import Testing

@testable import Spooling

@Suite struct GroupCommitTests {
    private struct Bad: Error {}

    /// Holds the writing thread in a change while the body asks for more, so that those share the next commit.
    private func withThreadHeld(_ spool: SQLiteSpool, _ body: () async throws -> Void) async throws {
        // caller                         writing thread
        // asks for a change              takes it, tells `entered`
        // asks for more changes          waits for `gate`
        // opens `gate`                   commits, takes all the others at once
        let gate = Signal()
        let (entered, continuation) = AsyncStream<Void>.makeStream()
        async let held: Void = spool.writer.run { _ in
            continuation.finish()
            gate.wait()
        }
        for await _ in entered {}
        defer { gate.send() }
        try await body()
        gate.send()
        try await held
    }

    /// Waits until so many changes are in the queue.
    private func waitForQueue(_ count: Int, _ spool: SQLiteSpool) async throws {
        try await waitUntil { spool.writer.waitingCount >= count }
    }

    @Test("changes of many callers share one commit", .timeLimit(.minutes(1)))
    func grouped() async throws {
        try await withSpool { spool, fixture in
            let before = spool.commitCount
            try await withThrowingTaskGroup(of: Int64.self) { group in
                try await withThreadHeld(spool) {
                    for index in 0..<100 {
                        let entry = try fixture.entry("\(index)")
                        group.addTask { try await spool.acceptOne(entry) }
                    }
                    try await waitForQueue(100, spool)
                }
                #expect(Set(try await group.reduce(into: []) { $0.append($1) }).count == 100)
            }
            #expect(spool.commitCount == before + 2)
            #expect(try await spool.counts() == [.waiting: 100])
        }
    }

    @Test("a change that fails in a batch fails alone, and the others are kept once", .timeLimit(.minutes(1)))
    func failsAlone() async throws {
        try await withSpool { spool, fixture in
            let results = try await withThrowingTaskGroup(of: Bool.self) { group in
                try await withThreadHeld(spool) {
                    for index in 0..<9 {
                        let entry = try PreparedEntry(
                            fixture.entry("\(index)", to: ["work:\(index)"], dedupe: "\(index)"))
                        group.addTask { try await Self.accept(entry, spool, fails: index == 4) }
                    }
                    try await waitForQueue(9, spool)
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 } == 8)
            #expect(try await spool.counts() == [.waiting: 8])
            #expect(try await spool.lanes(after: .none, limit: 100).count == 8)
            #expect(try await spool.list("to=work:4").isEmpty)
        }
    }

    /// Accepts an entry, and then fails or not.
    private static func accept(_ entry: PreparedEntry, _ spool: SQLiteSpool, fails: Bool) async throws -> Bool {
        do throws(SpoolError) {
            return try await spool.writer.run { writer in
                _ = try writer.accept(entry)
                if fails { throw Bad() }
                return true
            }
        } catch {
            guard case .disk = error else { throw error }
            return false
        }
    }

    @Test("a batch that was rolled back announces each kept dispatch once", .timeLimit(.minutes(1)))
    func announcedOnce() async throws {
        try await withSpool { spool, fixture in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                try await withThreadHeld(spool) {
                    for index in 0..<3 {
                        let entry = try PreparedEntry(fixture.entry("\(index)"))
                        group.addTask { try await Self.accept(entry, spool, fails: index == 1) }
                    }
                    try await waitForQueue(3, spool)
                }
                try await group.waitForAll()
            }
            await spool.close()
            var subjects: [String?] = []
            for await batch in spool.committed { subjects += batch.map(\.envelope.subject) }
            #expect(subjects.compactMap { $0 }.sorted() == ["0", "2"])
        }
    }

    @Test("what was asked for before closing is done, what comes after is refused", .timeLimit(.minutes(1)))
    func closing() async throws {
        try await withFixture { fixture in
            let ids = try await fixture.open { spool in
                try await withThrowingTaskGroup(of: MessageID.self) { group in
                    try await withThreadHeld(spool) {
                        for index in 0..<10 {
                            let entry = try fixture.entry("\(index)")
                            group.addTask {
                                _ = try await spool.acceptOne(entry)
                                return entry.envelope.id
                            }
                        }
                        try await waitForQueue(10, spool)
                    }
                    await spool.close()
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            let found = try await fixture.open { spool in try await spool.list("").map(\.message) }
            #expect(Set(found) == Set(ids) && ids.count == 10)
        }
    }
}
