import SQLite
import Testing

@Suite struct StatementTests {
    @Test("an integer, a text, bytes and NULL come back as they went in")
    func roundTrip() throws {
        try withDatabase { (database) throws in
            let statement = try database.prepare("SELECT ?1, ?2, ?3, ?4")
            try statement.bind(Int64.min, at: 1)
            try statement.bind("héllo\0wörld", at: 2)
            try statement.bind([0, 255, 0] as [UInt8], at: 3)
            try statement.bindNull(at: 4)
            let isRead: Void? = try statement.firstRow { (row) throws in
                let value0 = try row.integer(0)
                #expect(value0 == .min)
                let value1 = try row.text(1)
                #expect(value1 == "héllo\0wörld")
                let value2 = try row.bytes(2)
                #expect(value2 == [0, 255, 0])
                let isNull = row.isNull(3)
                #expect(isNull)
                let count = row.columnCount
                #expect(count == 4)
            }
            #expect(isRead != nil)
        }
    }

    @Test("empty is not NULL, and nil is")
    func empty() throws {
        try withDatabase { (database) throws in
            let statement = try database.prepare("SELECT ?1, ?2, ?3, ?4, ?5")
            try statement.bind("", at: 1)
            try statement.bind([] as [UInt8], at: 2)
            try statement.bind(nil as String?, at: 3)
            try statement.bind(nil as [UInt8]?, at: 4)
            try statement.bind(nil as Int64?, at: 5)
            _ = try statement.firstRow { (row) throws in
                let value0 = try row.optionalText(0)
                #expect(value0 == "")
                let value1 = try row.optionalBytes(1)
                #expect(value1 == [])
                let value2 = try row.optionalText(2)
                #expect(value2 == nil)
                let value3 = try row.optionalBytes(3)
                #expect(value3 == nil)
                let value4 = try row.optionalInteger(4)
                #expect(value4 == nil)
            }
        }
    }

    @Test("a value of another type is refused, with the column's name and not the value")
    func types() throws {
        try withDatabase { (database) throws in
            let statement = try database.prepare("SELECT 'secret' AS word, 1.5 AS ratio, NULL AS hole")
            _ = try statement.firstRow { (row) throws in
                #expect(throws: SQLiteError.unexpectedType(column: "word", found: "a text", expected: "an integer")) {
                    try row.integer(0)
                }
                #expect(throws: SQLiteError.unexpectedType(column: "ratio", found: "a real number", expected: "bytes"))
                {
                    try row.bytes(1)
                }
                #expect(throws: SQLiteError.unexpectedType(column: "hole", found: "NULL", expected: "a text")) {
                    try row.text(2)
                }
            }
        }
    }

    @Test("a statement is run again with other values")
    func again() throws {
        try withDatabase { (database) throws in
            try database.execute("CREATE TABLE t (a INTEGER) STRICT")
            let insert = try database.prepare("INSERT INTO t VALUES (?1)")
            for value in 1...3 {
                try insert.bind(Int64(value), at: 1)
                try insert.run()
            }
            let values = try database.prepare("SELECT a FROM t ORDER BY a").rows { try $0.integer(0) }
            #expect(values == [1, 2, 3])
        }
    }

    @Test("a body that throws leaves the statement reset and ready")
    func throwingBody() throws {
        struct Stop: Error {}
        try withDatabase { (database) throws in
            let statement = try database.prepare("VALUES (1), (2)")
            do {
                try statement.forEachRow { _ in throw Stop() }
                Issue.record("the body's error was lost")
            } catch is Stop {}
            let values = try statement.rows { try $0.integer(0) }
            #expect(values == [1, 2])
        }
    }

    @Test("a parameter that is not there is refused")
    func range() throws {
        try withDatabase { (database) throws in
            let statement = try database.prepare("SELECT ?1")
            let count = statement.parameterCount
            #expect(count == 1)
            let error = refusal { () throws(SQLiteError) in try statement.bind(1 as Int64?, at: 2) }
            #expect(error?.code == .range)
        }
    }

    @Test("no statement and two statements are refused", arguments: ["", "  -- nothing", "SELECT 1; SELECT 2"])
    func oneStatement(sql: String) throws {
        try withDatabase { (database) throws in
            let error = #expect(throws: SQLiteError.self) { try consume(database.prepare(sql)) }
            #expect(error?.code == .misuse)
        }
    }

    /// The error of a call on a statement, which no macro can take because it cannot be copied.
    private func refusal<Result>(_ body: () throws(SQLiteError) -> Result) -> SQLiteError? {
        do throws(SQLiteError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    private func consume(_ statement: consuming Statement) {}
}
