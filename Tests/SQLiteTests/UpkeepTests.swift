import Glibc
import SQLite
import Testing

@Suite struct UpkeepTests {
    @Test("a backup holds what was there at its start, while others write")
    func backup() throws {
        try withDatabasePath { (path) throws in
            try withDatabasePath { (target) throws in
                let writer = try Database(path: path, mode: .writer)
                try writer.execute("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(100000))")
                let reader = try Database(path: path, mode: .reader)
                var calls = 0
                try reader.backup(to: target, pagesPerStep: 1) { left, total in
                    calls += 1
                    #expect(left < total && calls <= total)
                    try writer.execute("INSERT INTO t VALUES (1)")
                }
                #expect(calls > 20)
                let copy = try Database(path: target, mode: .writer)
                #expect(try copy.integer("SELECT count(*) FROM t") == 1)
                try copy.checkIntegrity()
            }
        }
    }

    @Test("a backup is stopped by its progress, and the database stays usable")
    func stoppedBackup() throws {
        struct Stop: Error {}
        try withDatabasePath { (target) throws in
            try withDatabase { (database) throws in
                try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(100000))")
                #expect(throws: Stop.self) {
                    try database.backup(to: target, pagesPerStep: 1) { _, _ in throw Stop() }
                }
                #expect(!database.isInTransaction)
                try database.execute("INSERT INTO t VALUES (1)")
            }
            #expect(openDescriptors(of: target) == 0)
        }
    }

    @Test("damage is found and named")
    func damage() throws {
        try withDatabasePath { (path) throws in
            do {
                let database = try Database(path: path, mode: .writer)
                try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(100000))")
                try database.checkIntegrity()
                try database.checkIntegrity(isQuick: true)
            }
            // The third page is the first of the row's overflow; its first bytes lead to the next.
            let file = try #require(fopen(path, "r+"))
            fseek(file, 2 * 4_096, SEEK_SET)
            fputs("damage", file)
            fclose(file)
            let error = #expect(throws: SQLiteError.self) {
                try Database(path: path, mode: .reader).checkIntegrity()
            }
            guard case .damaged(path, let findings)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(!findings.isEmpty)
        }
    }

    @Test("a file that is no database is refused by its name")
    func noDatabase() throws {
        try withDatabasePath { (path) throws in
            let file = try #require(fopen(path, "w"))
            fputs(String(repeating: "no database ", count: 500), file)
            fclose(file)
            let error = #expect(throws: SQLiteError.self) { try Database(path: path, mode: .writer) }
            #expect(error?.code == .notADatabase)
        }
    }

    @Test("a checkpoint moves the whole log when nobody reads, and waits for nobody")
    func checkpoint() throws {
        try withDatabasePath { (path) throws in
            let writer = try Database(path: path, mode: .writer)
            try writer.execute("CREATE TABLE t (a)")
            let reader = try Database(path: path, mode: .reader)
            try reader.transaction(.deferred) {
                _ = try reader.integer("SELECT count(*) FROM t")
                try writer.execute("INSERT INTO t VALUES (1)")
                #expect(try writer.checkpoint().left > 0)
            }
            #expect(try writer.checkpoint().left == 0)
            #expect(try writer.size >= 8_192)
        }
    }
}
