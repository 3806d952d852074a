import Files
import Messages
import SQLite
import Spooling
import TestSupport
import Testing

@Suite struct OpeningTests {
    private func database(_ fixture: SpoolFixture) -> String { fixture.folder.appending("spool.db").text }

    @Test("two spools never share a folder, and the second is told so")
    func locked() async throws {
        try await withSpool { _, fixture in
            let error = await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
            guard case .unusable(fixture.folder.text, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("after the clock was set back what waits for its next attempt waits for its pause, what is held for its time")
    func clockSetBack() async throws {
        try await withFixture { fixture in
            let time = fixture.clock.now + .seconds(600)
            try await fixture.open { (spool) async throws in
                var filter = DispatchFilter()
                for recipient in ["work:deferred", "work:held"] {
                    let number = try await spool.acceptOne(fixture.entry(to: [recipient]))
                    _ = try await spool.begin([fixture.start(number)])
                    try await spool.settle(
                        fixture.settlement(number, .deferred(reason: "busy", due: fixture.clock.now + .seconds(61))))
                    filter.numbers = [number]
                }
                let held = try await spool.apply(
                    .hold(reason: "tomorrow", until: time), to: filter, by: "ann", at: fixture.clock.now,
                    isDryRun: false)
                #expect(held.count == 1)
            }
            fixture.clock.set(by: .seconds(-3_600))
            for _ in 0..<2 {
                try await fixture.open { (spool) async throws in
                    let lanes = try await spool.lanes(after: .none, limit: 10)
                    #expect(lanes.map(\.nextDue) == [fixture.clock.now + .seconds(60), time])
                }
            }
        }
    }

    @Test("a spool of a newer release is refused and left as it is")
    func newer() async throws {
        try await withFixture { fixture in
            try await fixture.open { _ in }
            try Database(path: database(fixture), mode: .writer).execute("PRAGMA user_version = 99")
            let path = database(fixture)
            let error = await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
            guard case .newerSchema(99, let supported, path)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(supported >= 1)
            #expect(try Database(path: path, mode: .reader).schemaVersion == 99)
        }
    }

    @Test("another program's file, and a file that is no database, are refused", arguments: [true, false])
    func foreign(isDatabase: Bool) async throws {
        try await withFixture { fixture in
            try FileSystem.posix.createFolder(fixture.folder)
            if isDatabase {
                try Database(path: database(fixture), mode: .writer).execute("CREATE TABLE theirs (a)")
            } else {
                try FileSystem.posix.write(Array(repeating: 65, count: 9_000), to: FilePath(database(fixture)))
            }
            await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
            // The refusal gave the lock back.
            try FileSystem.posix.remove(FilePath(database(fixture)))
            try await fixture.open { _ in }
        }
    }

    @Test("a folder that cannot be made is told")
    func noFolder() async throws {
        try await withFixture { fixture in
            try FileSystem.posix.write([], to: fixture.folder)
            await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
        }
    }

    @Test("nothing stays open after closing")
    func descriptors() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                _ = try await spool.accept(fixture.entry())
                _ = try await spool.counts()
                #expect(try openDescriptors(in: fixture.folder) > 0)
            }
            #expect(try openDescriptors(in: fixture.folder) == 0)
        }
    }

    @Test("a spool that opens only in part is closed again")
    func partly() async throws {
        try await withFixture { fixture in
            let blobs = fixture.folder.appending("blobs")
            try FileSystem.posix.createFolder(fixture.folder)
            try FileSystem.posix.write([], to: blobs)
            await #expect(throws: SpoolError.self) { try await fixture.open { _ in } }
            #expect(try openDescriptors(in: fixture.folder) == 0)
            try FileSystem.posix.remove(blobs)
            try await fixture.open { _ in }
        }
    }

    private func openDescriptors(in folder: FilePath) throws -> Int {
        try FileSystem.posix.list("/proc/self/fd").count { name in
            FilePath("/proc/self/fd/\(name)").target?.hasPrefix(folder.text) ?? false
        }
    }

    @Test("a backup taken while others write is a spool of its own")
    func backup() async throws {
        try await withFixture { fixture in
            let entry = try fixture.entry()
            let copy = SpoolFixture(
                folder: fixture.folder.folder.appending("copy"), clock: fixture.clock, log: fixture.log)
            try FileSystem.posix.createFolder(copy.folder)
            try await fixture.open { spool in
                _ = try await spool.accept(entry)
                try await spool.backup(to: copy.folder.appending("spool.db"))
                try await spool.checkIntegrity()
            }
            let trace = try await copy.open { try await $0.trace(of: entry.envelope.id) }
            #expect(trace?.envelope == entry.envelope)
        }
    }
}
