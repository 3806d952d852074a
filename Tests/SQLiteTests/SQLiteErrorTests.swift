import SQLite
import Testing

@Suite struct SQLiteErrorTests {
    @Test("a primary code matches its extended ones, an extended one only itself")
    func matching() {
        #expect(ResultCode.constraint ~= .constraintUnique)
        #expect(ResultCode.constraintUnique ~= .constraintUnique)
        #expect(!(ResultCode.constraintUnique ~= .constraint))
        #expect(!(ResultCode.constraintUnique ~= .constraintPrimaryKey))
        #expect(!(ResultCode.busy ~= .full))
        #expect(ResultCode.inputOutputWrite.isDiskFailure && ResultCode.corrupt.isDiskFailure)
        #expect(!ResultCode.full.isDiskFailure && !ResultCode.constraintUnique.isDiskFailure)
    }

    @Test("an error has the code's name, SQLite's words, the SQL, and what to do, but no value")
    func text() throws {
        try withDatabase { (database) throws in
            try database.execute("CREATE TABLE t (a TEXT UNIQUE) STRICT")
            let insert = try database.prepare("INSERT INTO t\n   VALUES (?1)")
            try insert.bind("hunter2", at: 1)
            try insert.run()
            var failure: SQLiteError?
            do throws(SQLiteError) { try insert.run() } catch { failure = error }
            let error = try #require(failure)
            #expect(error.code == .constraintUnique)
            #expect(
                "\(error)" == "SQLITE_CONSTRAINT (2067): UNIQUE constraint failed: t.a, in INSERT INTO t VALUES (?1)")
        }
    }

    @Test("a code says what to do where something can be done")
    func advice() {
        let error = SQLiteError.failed(code: .full, message: "database or disk is full", operation: "COMMIT")
        #expect(
            "\(error)" == "SQLITE_FULL (13): database or disk is full, in COMMIT; "
                + "free some space on that file system or raise the spool's limit")
    }

    @Test("a long statement is cut and an unknown code is a number")
    func odd() {
        let error = SQLiteError.failed(
            code: ResultCode(rawValue: 99), message: "odd", operation: String(repeating: "x", count: 1_000))
        #expect("\(error)" == "SQLite code 99: odd, in \(String(repeating: "x", count: 160))…")
    }
}
