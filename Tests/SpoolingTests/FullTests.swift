import Messages
import SQLite
import TestSupport
import Testing

@testable import Spooling

@Suite struct FullTests {
    @Test("a full database refuses what it cannot keep, keeps what it has, and goes on when there is room")
    func fullDatabase() async throws {
        try await withSpool { spool, fixture in
            let kept = try await spool.acceptOne(fixture.entry())
            let large = try fixture.entry(String(repeating: "x", count: 100_000))
            try await setMaximumPages(60, spool)
            let error = await #expect(throws: SpoolError.self) { try await spool.acceptOne(large) }
            guard case .full? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try await spool.trace(of: large.envelope.id) == nil)
            #expect(try await spool.begin([fixture.start(kept)]) == [kept])
            try await setMaximumPages(100_000, spool)
            _ = try await spool.acceptOne(large)
            #expect(try await spool.counts() == [.trying: 1, .waiting: 1])
        }
    }

    private func setMaximumPages(_ pages: Int, _ spool: SQLiteSpool) async throws {
        try await spool.writer.run { _ = try $0.database.integer("PRAGMA max_page_count = \(pages)") }
    }

    @Test("beyond its limit the spool takes no message, but settles those it has")
    func limit() async throws {
        try await withFixture { fixture in
            var small = fixture
            small.limit = 400_000
            try await small.open { spool in
                let first = try await spool.acceptOne(fixture.entry(String(repeating: "x", count: 200_000)))
                let entry = try fixture.entry()
                let error = await #expect(throws: SpoolError.self) { try await spool.acceptOne(entry) }
                guard case .full? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                try await spool.settle(
                    fixture.settlement(first, attempt: 0, .delivered(remoteIDs: [], detail: nil)))
                fixture.clock.advance(by: .seconds(10))
                #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1)
                #expect(try await spool.accept(entry).numbers.count == 1)
            }
        }
    }

    @Test("blobs count towards the limit")
    func blobLimit() async throws {
        try await withFixture { fixture in
            var small = fixture
            small.limit = 400_000
            try await small.open { spool in
                _ = try await spool.blobs.store([UInt8](repeating: 1, count: 400_000))
                let entry = try fixture.entry()
                await #expect(throws: SpoolError.self) { try await spool.acceptOne(entry) }
            }
        }
    }
}
