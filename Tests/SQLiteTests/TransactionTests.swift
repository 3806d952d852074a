import SQLite
import Testing

@Suite struct TransactionTests {
    private struct Stop: Error {}

    @Test("all of a transaction is kept, or nothing")
    func allOrNothing() throws {
        try withDatabase { (database) throws in
            try database.execute("CREATE TABLE t (a)")
            try database.transaction { try database.execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)") }
            #expect(throws: Stop.self) {
                try database.transaction {
                    try database.execute("INSERT INTO t VALUES (3)")
                    throw Stop()
                }
            }
            #expect(try database.integer("SELECT count(*) FROM t") == 2)
            #expect(!database.isInTransaction)
        }
    }

    @Test("a commit that fails leaves nothing behind and no transaction open")
    func failingCommit() throws {
        try withDatabase { (database) throws in
            try database.execute(
                """
                CREATE TABLE p (id INTEGER PRIMARY KEY) STRICT;
                CREATE TABLE c (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED) STRICT
                """)
            let error = #expect(throws: SQLiteError.self) {
                try database.transaction { try database.execute("INSERT INTO c VALUES (1)") }
            }
            #expect(error?.code == .constraintForeignKey)
            #expect(!database.isInTransaction)
            #expect(try database.integer("SELECT count(*) FROM c") == 0)
        }
    }

    @Test("a full database rolls back, says so, and goes on when there is room")
    func full() throws {
        try withDatabase { (database) throws in
            try database.execute("CREATE TABLE t (a BLOB)")
            _ = try database.integer("PRAGMA max_page_count = 4")
            let error = #expect(throws: SQLiteError.self) { try insertMuch(into: database) }
            #expect(error?.code?.isFull == true)
            #expect(!database.isInTransaction)
            _ = try database.integer("PRAGMA max_page_count = 1000")
            try insertMuch(into: database)
            #expect(try database.integer("SELECT count(*) FROM t") == 1)
        }
    }

    private func insertMuch(into database: Database) throws {
        try database.transaction { try database.execute("INSERT INTO t VALUES (randomblob(100000))") }
    }

    @Test("a second writer is told that the file is busy, after its patience")
    func busy() throws {
        try withDatabasePath { (path) throws in
            let first = try Database(path: path, mode: .writer)
            let second = try Database(path: path, mode: .writer, busyTimeout: .zero)
            try first.transaction {
                let error = #expect(throws: SQLiteError.self) { try second.transaction {} }
                #expect(error?.code?.primary == .busy)
            }
            try second.transaction {}
        }
    }

    @Test("a reader's snapshot does not move while a writer commits")
    func snapshot() throws {
        // writer                      reader
        //                             BEGIN, count = 0
        // INSERT, COMMIT
        //                             count = 0, COMMIT
        //                             count = 1
        try withDatabasePath { (path) throws in
            let writer = try Database(path: path, mode: .writer)
            try writer.execute("CREATE TABLE t (a)")
            let reader = try Database(path: path, mode: .reader)
            let count = "SELECT count(*) FROM t"
            try reader.transaction(.deferred) {
                #expect(try reader.integer(count) == 0)
                try writer.execute("INSERT INTO t VALUES (1)")
                #expect(try reader.integer(count) == 0)
            }
            #expect(try reader.integer(count) == 1)
        }
    }
}
