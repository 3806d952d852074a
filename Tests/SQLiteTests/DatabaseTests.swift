import SQLite
import Testing

@Suite struct DatabaseTests {
    @Test("the file is closed when the database and its last statement are gone")
    func closing() throws {
        try withDatabasePath { (path) throws in
            do {
                let statement: Statement
                do {
                    let database = try Database(path: path, mode: .writer)
                    try database.execute("CREATE TABLE t (a)")
                    _ = try database.integer("SELECT count(*) FROM t")
                    statement = try database.prepare("SELECT 1")
                }
                #expect(openDescriptors(of: path) > 0)
                let value = try statement.firstRow { try $0.integer(0) }
                #expect(value == 1)
            }
            #expect(openDescriptors(of: path) == 0)
        }
    }

    @Test("a database that cannot be opened leaves nothing open and says where")
    func cannotOpen() {
        let error = #expect(throws: SQLiteError.self) { try Database(path: "/none/such.db", mode: .writer) }
        #expect(error?.code?.primary == .cannotOpen)
        #expect("\(error.map { "\($0)" } ?? "")".contains("/none/such.db"))
        #expect(openDescriptors(of: "/none/such.db") == 0)
    }

    @Test("a writer commits durably to a write-ahead log")
    func durability() throws {
        try withDatabase { (database) throws in
            #expect(try database.withStatement("PRAGMA journal_mode") { try $0.firstRow { try $0.text(0) } } == "wal")
            #expect(try database.integer("PRAGMA synchronous") == 2)
        }
    }

    @Test("a reader sees what was committed and writes nothing")
    func reader() throws {
        try withDatabasePath { (path) throws in
            let writer = try Database(path: path, mode: .writer)
            try writer.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
            let reader = try Database(path: path, mode: .reader)
            #expect(try reader.integer("SELECT count(*) FROM t") == 1)
            let error = #expect(throws: SQLiteError.self) { try reader.execute("DELETE FROM t") }
            #expect(error?.code?.primary == .readOnly)
        }
    }

    @Test("a reader does not create a file")
    func readerOfNothing() {
        withDatabasePath { path in
            let error = #expect(throws: SQLiteError.self) { try Database(path: path, mode: .reader) }
            #expect(error?.code?.primary == .cannotOpen)
        }
    }

    @Test("a statement's text is prepared once, and twice when it is used within itself")
    func cache() throws {
        try withDatabase { (database) throws in
            let rows = try database.withStatement("VALUES (1), (2)") { outer in
                try outer.rows { _ in
                    try database.withStatement("VALUES (1), (2)") { try $0.rows { try $0.integer(0) } }
                }
            }
            #expect(rows == [[1, 2], [1, 2]])
        }
    }

    @Test("values bound to a kept statement are forgotten after its use")
    func forgotten() throws {
        try withDatabase { (database) throws in
            let sql = "SELECT ?1"
            _ = try database.withStatement(sql) { try $0.bind("secret", at: 1) }
            let value = try database.withStatement(sql) { try $0.firstRow { $0.isNull(0) } }
            #expect(value == true)
        }
    }

    @Test("an interrupt from another thread stops a statement that would run for ever")
    func interrupt() async throws {
        let stopped = try await withThrowingTaskGroup(of: ResultCode?.self) { group in
            let (interrupters, continuation) = AsyncStream<Interrupter>.makeStream()
            group.addTask { try Self.endless(started: continuation) }
            for await interrupter in interrupters {
                interrupter.interrupt()
                break
            }
            return try await group.next() ?? nil
        }
        #expect(stopped == .interrupt)
    }

    /// The first row is the sign that the statement runs; the second never comes.
    private static func endless(started: AsyncStream<Interrupter>.Continuation) throws -> ResultCode? {
        let database = try Database(path: ":memory:", mode: .writer)
        let statement = try database.prepare(
            """
            WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n WHERE a = 1 OR a < 0
            """)
        do {
            _ = try statement.step()
            started.yield(database.interrupter)
            _ = try statement.step()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("an interrupt after the end touches nothing")
    func lateInterrupt() throws {
        let interrupter = try withDatabase { $0.interrupter }
        interrupter.interrupt()
    }
}
