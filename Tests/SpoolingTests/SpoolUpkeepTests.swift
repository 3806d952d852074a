import Files
import Glibc
import Messages
import SQLite
import Spooling
import TestSupport
import Testing

@Suite struct SpoolUpkeepTests {
    private func upkeep(_ fixture: SpoolFixture) -> SpoolUpkeep {
        SpoolUpkeep(folder: fixture.folder, clock: fixture.clock)
    }

    private func database(_ fixture: SpoolFixture) -> FilePath { fixture.folder.appending("spool.db") }

    /// Fills a spool with messages of some pages each.
    private func fill(_ fixture: SpoolFixture, count: Int = 200) async throws -> [SpoolEntry] {
        let text = String(repeating: "x", count: 1_500)
        let entries = try (0..<count).map { try fixture.entry("\($0) \(text)", to: ["work:\($0 % 7)"]) }
        try await fixture.open { _ = try await $0.accept(entries) }
        return entries
    }

    /// Overwrites the pages on which the table's leaves lie, some of them.
    private func damage(_ table: String, _ fixture: SpoolFixture, leaves: ClosedRange<Int>) throws {
        let path = database(fixture).text
        let pages = try Database(path: path, mode: .reader).withStatement(
            "SELECT pageno FROM dbstat WHERE name = '\(table)' AND pagetype = 'leaf' ORDER BY path"
        ) { try $0.rows { try $0.integer(0) } }
        let file = open(path, O_RDWR)
        defer { close(file) }
        let garbage = [UInt8](repeating: 0xA5, count: 4_096)
        for page in pages[leaves] { #expect(pwrite(file, garbage, 4_096, Int(page - 1) * 4_096) == 4_096) }
    }

    @Test("a check finds a sound spool sound, beside a router at work too")
    func sound() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                var entry = try fixture.entry()
                entry.envelope.parts.append(
                    Part(type: .file, content: .blob(try await spool.blobs.store([1, 2, 3]))))
                _ = try await spool.accept([entry, try fixture.entry("held", state: .held)])
                let report = try await upkeep(fixture).check()
                #expect(report.isSound, "\(report.findings)")
                #expect(report.messages == 2 && report.dispatches == 2 && report.blobs == 1)
            }
        }
    }

    @Test(
        "a check names each contradiction",
        arguments: [
            ("DELETE FROM messages", "dispatches 4096", "its message is missing"),
            ("DELETE FROM lanes", "dispatches 4096", "its recipient is missing"),
            ("DELETE FROM routes", "dispatches 4096", "its route is missing"),
            ("UPDATE dispatches SET is_open = NULL", "dispatches 4096", "its state contradicts itself"),
            ("UPDATE counters SET value = 9", "counters waiting", "says 9, and there are 1"),
            ("INSERT INTO details VALUES (5, NULL, NULL)", "details 5", "its dispatch is missing"),
        ])
    func contradictions(sql: String, place: String, problem: String) async throws {
        try await withFixture { fixture in
            try await fixture.open { _ = try await $0.accept(fixture.entry()) }
            try Database(path: database(fixture).text, mode: .writer).execute(sql)
            let report = try await upkeep(fixture).check()
            #expect(report.findings.contains(SpoolFinding(place: place, problem: problem)), "\(report.findings)")
        }
    }

    @Test("a check tells which blob has changed")
    func blob() async throws {
        try await withFixture { fixture in
            let digest = try await fixture.open { spool in
                var entry = try fixture.entry()
                let blob = try await spool.blobs.store([1, 2, 3])
                entry.envelope.parts.append(Part(type: .file, content: .blob(blob)))
                _ = try await spool.accept(entry)
                return blob.digest
            }
            let file = fixture.folder.appending("blobs").appending(String(digest.prefix(2))).appending(digest)
            try FileSystem.posix.write([4, 5, 6], to: file)
            let report = try await upkeep(fixture).check()
            #expect(report.findings.map(\.place) == ["blob \(digest)"])
            #expect(!report.isDatabaseDamaged)
        }
    }

    @Test("a repair saves what damaged pages of messages did not hold, and lists the dispatches of the rest")
    func lostMessages() async throws {
        try await withFixture { fixture in
            let entries = try await fill(fixture)
            try damage("messages", fixture, leaves: 10...14)
            let done = try await upkeep(fixture).repair()
            #expect(done.kept != nil && !done.lost.isEmpty && done.lost.count < 60)
            #expect(try await upkeep(fixture).check().isSound)
            try await fixture.open { spool in
                let counts = try await spool.counts()
                #expect(counts.values.reduce(0, +) == 200)
                #expect((5...40).contains(counts[.dead] ?? 0), "\(counts)")
                // Those whose content is lost keep their ids.
                let known = Set(try await spool.list("", limit: 1_000).map(\.message))
                #expect(known == Set(entries.map(\.envelope.id)))
                #expect(try await spool.trace(of: entries[0].envelope.id)?.envelope == entries[0].envelope)
            }
        }
    }

    @Test("a repair holds the open dispatches whose rows are lost")
    func lostDispatches() async throws {
        try await withFixture { fixture in
            _ = try await fill(fixture)
            try damage("dispatches", fixture, leaves: 1...1)
            let done = try await upkeep(fixture).repair()
            #expect(!done.lost.isEmpty)
            try await fixture.open { spool in
                let counts = try await spool.counts()
                #expect((counts[.held] ?? 0) > 10 && counts.values.reduce(0, +) == 200, "\(counts)")
            }
            #expect(try await upkeep(fixture).check().isSound)
        }
    }

    @Test("a repair leaves a sound spool as it is, and waits for no running router")
    func nothingToRepair() async throws {
        try await withFixture { fixture in
            _ = try await fill(fixture, count: 3)
            let done = try await upkeep(fixture).repair()
            #expect(done.kept == nil && done.lost.isEmpty)
            try await fixture.open { _ in
                let error = await #expect(throws: SpoolError.self) { try await upkeep(fixture).repair() }
                guard case .unusable? = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    @Test("no router opens a spool whose repair was ended half-way; the next repair ends it", arguments: [false, true])
    func halfWay(isMoved: Bool) async throws {
        try await withFixture { fixture in
            _ = try await fill(fixture, count: 3)
            let files = FileSystem.posix
            try files.write(
                try files.read(database(fixture), limit: 1 << 24), to: fixture.folder.appending("spool.db.repaired"))
            try files.write(Array("spool.db.damaged-x".utf8), to: fixture.folder.appending("spool.repairing"))
            if isMoved { try files.move(database(fixture), to: fixture.folder.appending("spool.db.damaged-x")) }
            await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
            _ = try await upkeep(fixture).repair()
            #expect(try await fixture.open { try await $0.counts() } == [.waiting: 3])
            #expect(try files.exists(fixture.folder.appending("spool.db.damaged-x")))
        }
    }

    @Test("a backup of a router at work comes back whole, and never over a spool")
    func restore() async throws {
        try await withFixture { fixture in
            let folder = fixture.folder.folder.appending("backup")
            var entry = try fixture.entry()
            try await fixture.open { spool in
                entry.envelope.parts.append(
                    Part(type: .file, content: .blob(try await spool.blobs.store([1, 2, 3]))))
                _ = try await spool.accept(entry)
                #expect(try await upkeep(fixture).backUp(to: folder).isSound)
                _ = try await spool.accept(fixture.entry("after the backup"))
            }
            await #expect(throws: SpoolError.self) { try await upkeep(fixture).backUp(to: folder) }
            await #expect(throws: SpoolError.self) { try await upkeep(fixture).restore(from: folder) }
            let fresh = SpoolFixture(
                folder: fixture.folder.folder.appending("fresh"), clock: fixture.clock, log: fixture.log)
            #expect(try await upkeep(fresh).restore(from: folder).isSound)
            try await fresh.open { (spool) throws in
                #expect(try await spool.list("").count == 1)
                #expect(try await spool.trace(of: entry.envelope.id)?.envelope == entry.envelope)
                guard case .blob(let blob) = entry.envelope.parts[1].content else { return }
                #expect(try await spool.blobs.read(blob) == [1, 2, 3])
            }
        }
    }

    @Test("a damaged backup is not brought back")
    func damagedBackup() async throws {
        try await withFixture { fixture in
            _ = try await fill(fixture)
            try damage("messages", fixture, leaves: 3...3)
            let fresh = SpoolFixture(
                folder: fixture.folder.folder.appending("fresh"), clock: fixture.clock, log: fixture.log)
            #expect(try await !upkeep(fresh).restore(from: fixture.folder).isSound)
            #expect(try !FileSystem.posix.exists(database(fresh)))
        }
    }
}
