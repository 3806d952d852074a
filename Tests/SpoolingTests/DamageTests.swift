import Files
import Logging
import Messages
import SQLite
import Spooling
import TestSupport
import Testing

@Suite struct DamageTests {
    private func spoil(_ fixture: SpoolFixture, _ sql: String) throws {
        try Database(path: fixture.folder.appending("spool.db").text, mode: .writer).execute(sql)
    }

    @Test("an envelope that cannot be read is a dead letter that says why; the lane goes on")
    func envelope() async throws {
        try await withFixture { fixture in
            let entry = try fixture.entry("bad")
            let (bad, good) = try await fixture.open {
                (try await $0.acceptOne(entry), try await $0.acceptOne(fixture.entry("good")))
            }
            try spoil(fixture, "UPDATE messages SET envelope = CAST('{\"id\":' AS BLOB) WHERE sequence = 1")
            try await fixture.open { (spool) async throws in
                for _ in 0..<2 {
                    let load = try await spool.load("work:C1", by: fixture.clock.now)
                    #expect(load.dispatches.map(\.number) == [good])
                }
                #expect(try await spool.damaged().map(\.place) == ["messages 1"])
                let dead = try await spool.list("state=dead")
                #expect(dead.map(\.number) == [bad])
                #expect(dead.first?.reason?.hasPrefix("messages 1 cannot be read: bad JSON") == true)
                #expect(try await spool.counts() == [.dead: 1, .waiting: 1])
                await #expect(throws: SpoolError.self) { try await spool.trace(of: entry.envelope.id) }
            }
            #expect(fixture.log.events.filter { $0.name == "damage set aside" }.count == 1)
        }
    }

    /// Fills the page that this message lies on, the first being 0, with what no page looks like.
    private func spoilPage(_ fixture: SpoolFixture, of message: Int) throws {
        let path = fixture.folder.appending("spool.db")
        let page = try #require(
            try Database(path: path.text, mode: .writer).integer(
                """
                SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf'
                ORDER BY path LIMIT 1 OFFSET \(message)
                """))
        var bytes = try FileSystem.posix.read(path, limit: 64 << 20)
        let start = (Int(page) - 1) * 4_096
        for index in start..<(start + 4_096) { bytes[index] = 0xEE }
        try FileSystem.posix.write(bytes, to: path)
    }

    @Test("of a damaged page each message is named and a dead letter; the rest of the lane goes on")
    func page() async throws {
        try await withFixture { fixture in
            let entries = try (0..<6).map { number in
                var entry = try fixture.entry("message \(number)", thread: "t")
                // Each fills a page of its own.
                entry.envelope.parts.append(.text(String(repeating: "x", count: 3_000)))
                return entry
            }
            _ = try await fixture.open { try await $0.accept(entries) }
            try spoilPage(fixture, of: 2)
            try await fixture.open { (spool) async throws in
                let load = try await spool.load("work:C1", by: fixture.clock.now)
                #expect(load.dispatches.map(\.envelope.subject) == [0, 1, 3, 4, 5].map { "message \($0)" })
                #expect(try await spool.damaged().map(\.place) == ["messages 3"])
                let damaged = try #require(try await spool.damaged().first)
                #expect(damaged.reason.contains("SQLITE_CORRUPT"))
                #expect(try await spool.counts() == [.dead: 1, .waiting: 5])
                #expect(try await spool.list("").count == 5)
                await #expect(throws: SpoolError.self) { try await spool.trace(of: entries[2].envelope.id) }
            }
            #expect(fixture.log.events.filter { $0.name == "damage set aside" }.count == 1)
        }
    }

    @Test("a program that takes messages gets those around a damaged page")
    func pulledPage() async throws {
        try await withFixture { fixture in
            let entries = try (0..<3).map { number in
                var entry = try fixture.entry("message \(number)")
                entry.envelope.parts.append(.text(String(repeating: "x", count: 3_000)))
                return entry
            }
            _ = try await fixture.open { try await $0.accept(entries) }
            try spoilPage(fixture, of: 1)
            try await fixture.open { (spool) async throws in
                let leased = try await spool.lease(
                    lane: Address(parsing: "work:C1"), LeaseTerms(count: 10, duration: .seconds(30)),
                    patience: .seconds(3_600), at: fixture.clock.now)
                #expect(leased.dispatches.map(\.message) == [entries[0], entries[2]].map(\.envelope.id))
                #expect(try await spool.damaged().map(\.place) == ["messages 2"])
            }
        }
    }

    @Test("a dispatch whose message is gone is a dead letter")
    func missingMessage() async throws {
        try await withFixture { fixture in
            _ = try await fixture.open { try await $0.acceptOne(fixture.entry()) }
            try spoil(fixture, "DELETE FROM messages")
            try await fixture.open { (spool) async throws in
                #expect(try await spool.load("work:C1", by: fixture.clock.now).dispatches.isEmpty)
                #expect(try await spool.damaged().map(\.reason) == ["the row is missing"])
                #expect(try await spool.counts() == [.dead: 1])
            }
        }
    }

    @Test("a row that no listing can show is set aside, and the listing goes on")
    func listing() async throws {
        try await withFixture { fixture in
            _ = try await fixture.open { try await $0.accept([fixture.entry("1"), fixture.entry("2")]) }
            try spoil(fixture, "UPDATE messages SET topic = 'no topic' WHERE sequence = 1")
            try await fixture.open { (spool) async throws in
                #expect(try await spool.list("").map(\.subject) == ["2"])
                #expect(try await spool.damaged().map(\.place) == ["dispatches 4096"])
            }
        }
    }

    @Test("notes of stages that cannot be read do not hide the rest of a trace")
    func steps() async throws {
        try await withFixture { fixture in
            var entry = try fixture.entry()
            entry.dispatches[0].steps = [StepNote(stage: "brief", changes: [])]
            let kept = entry
            _ = try await fixture.open { try await $0.accept(kept) }
            try spoil(fixture, "UPDATE details SET steps = 'x'")
            try await fixture.open { (spool) async throws in
                #expect(try await spool.trace(of: kept.envelope.id)?.dispatches.map(\.steps) == [[]])
                #expect(try await spool.damaged().map(\.place) == ["details 4096"])
                #expect(try await spool.counts() == [.waiting: 1])
            }
        }
    }
}
