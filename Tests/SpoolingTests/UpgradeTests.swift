import Files
import Messages
import SQLite
import Spooling
import TestSupport
import Testing

@Suite struct UpgradeTests {
    /// Runs the body with the means to open a spool of schema 2.
    private func withSchemaTwo(_ body: (SpoolFixture, String) async throws -> Void) async throws {
        try await withFixture { fixture in
            try FileSystem.posix.createFolder(fixture.folder)
            let path = fixture.folder.appending("spool.db").text
            try Database(path: path, mode: .writer).execute(SchemaTwo.sql)
            try await body(fixture, path)
        }
    }

    @Test("a spool of the first release is brought to the newest schema with every dispatch in its state")
    func states() async throws {
        try await withSchemaTwo { fixture, _ in
            try await fixture.open { spool in
                // What was being tried waits again, as after a crash.
                let expected: [DispatchState: Int] = [.waiting: 3, .held: 1, .delivered: 1, .dead: 1, .dropped: 1]
                #expect(try await spool.counts() == expected)
                let subjects = try await spool.list("").map { "\($0.subject ?? "") \($0.state)" }
                #expect(
                    subjects == [
                        "s6 dropped", "s5 dead", "s4 delivered", "s3 held", "s2 waiting", "s1 waiting", "s1 waiting",
                    ])
                let dead = try #require(try await spool.trace(of: MessageID(parsing: SchemaTwo.messages[4])))
                #expect(dead.dispatches.first?.attempts.map(\.outcome) == [.deferred, .rejected])
                #expect(try await spool.message(remoteID: "r4", mailbox: "work")?.wasDelivered == true)
                #expect(try await spool.state(mailbox: "news", key: "seen") == [1, 2])
            }
        }
    }

    @Test("what waited before the upgrade is delivered after it, and what was known stays known")
    func delivered() async throws {
        try await withSchemaTwo { fixture, _ in
            try await fixture.open { spool in
                let lane = try await spool.lanes(of: [Address(parsing: "work:a")])
                let far = Timestamp(milliseconds: 1_795_168_800_000) + .seconds(7_200)
                let load = try await spool.load(lane, dueBy: far, limit: 10)
                #expect(load.flatMap(\.dispatches).map(\.number).sorted() == [4_096, 8_192])
                let begun = try await spool.begin([AttemptStart(number: 4_096, attempt: 1, started: far)])
                #expect(begun == [4_096])
                var again = try fixture.entry(dedupe: "k")
                again.dedupe?.scope = "mail"
                let known = try await spool.accept(again)
                #expect(
                    known == .duplicate(of: try MessageID(parsing: SchemaTwo.messages[0]), hasSameFingerprint: true))
            }
        }
    }

    @Test("an upgrade that fails leaves the spool as the older release wrote it")
    func failed() async throws {
        try await withSchemaTwo { fixture, path in
            // A name that a later step needs is taken.
            try Database(path: path, mode: .writer).execute("CREATE TABLE dispatches_trying (a)")
            await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
            let database = try Database(path: path, mode: .reader)
            #expect(try database.schemaVersion == 2)
            #expect(try database.integer("SELECT count(*) FROM dispatches WHERE is_open = 1") == 4)
            let columns = "SELECT count(*) FROM pragma_table_info('dispatches') WHERE name = 'priority'"
            #expect(try database.integer(columns) == 0)
        }
    }

    @Test("an upgrade leaves a copy beside the spool that the older release can go back to")
    func copy() async throws {
        try await withSchemaTwo { fixture, path in
            try await fixture.open { _ in }
            let copy = try Database(path: path + ".schema-2", mode: .reader)
            #expect(try copy.schemaVersion == 2)
            #expect(try copy.integer("SELECT count(*) FROM dispatches WHERE is_open = 1") == 4)
            #expect(try Database(path: path, mode: .reader).schemaVersion > 2)
            #expect(fixture.log.text.contains("spool copied before its upgrade"))
        }
    }

    @Test("a new spool, and one that needs no upgrade, is not copied")
    func noCopy() async throws {
        try await withFixture { fixture in
            for _ in 0..<2 { try await fixture.open { _ in } }
            #expect(try FileSystem.posix.list(fixture.folder).filter { $0.contains("schema") }.isEmpty)
        }
    }

    @Test("an upgrade leaves a spool that a check finds sound")
    func sound() async throws {
        try await withSchemaTwo { fixture, _ in
            try await fixture.open { _ in }
            let report = try await SpoolUpkeep(folder: fixture.folder, clock: fixture.clock).check()
            #expect(report.isSound, "\(report.findings)")
            #expect(report.messages == 6 && report.dispatches == 7)
        }
    }
}
