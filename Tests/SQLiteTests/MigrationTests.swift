import SQLite
import Testing

@Suite struct MigrationTests {
    private static let first = Migration(number: 1, name: "t", sql: "CREATE TABLE t (a INTEGER) STRICT")
    private static let second = Migration(
        number: 2, name: "b", sql: "ALTER TABLE t ADD COLUMN b TEXT; INSERT INTO t VALUES (1, 'x')")
    private static let id: Int32 = 0x506F_7374

    @Test("each step is done once, in order, and the file knows how far it is")
    func steps() throws {
        try withDatabase { (database) throws in
            #expect(try database.migrate([Self.first], applicationID: Self.id) == [Self.first])
            #expect(try database.schemaVersion == 1)
            #expect(try database.migrate([Self.first, Self.second], applicationID: Self.id) == [Self.second])
            #expect(try database.migrate([Self.first, Self.second], applicationID: Self.id) == [])
            #expect(try database.integer("SELECT count(*) FROM t WHERE b = 'x'") == 1)
            #expect(try database.integer("PRAGMA application_id") == Int64(Self.id))
        }
    }

    @Test("when a step fails the file is as it was, whole, whatever came before the step")
    func failure() throws {
        try withDatabase { (database) throws in
            let broken = Migration(number: 2, name: "broken", sql: "INSERT INTO t VALUES (7); SELECT * FROM missing")
            #expect(throws: SQLiteError.self) {
                try database.migrate([Self.first, broken], applicationID: Self.id)
            }
            #expect(try database.schemaVersion == 0)
            #expect(try database.integer("SELECT count(*) FROM sqlite_schema") == 0)
            let all = [Self.first, Self.second]
            #expect(try database.migrate(all, applicationID: Self.id) == all)
        }
    }

    @Test("steps whose result does not stand the proof are undone, and none are proved twice")
    func proof() throws {
        struct Unfit: Error {}
        try withDatabase { (database) throws in
            try database.migrate([Self.first], applicationID: Self.id)
            let all = [Self.first, Self.second]
            #expect(throws: Unfit.self) { try database.migrate(all, applicationID: Self.id) { throw Unfit() } }
            #expect(try database.schemaVersion == 1)
            #expect(try database.migrate(all, applicationID: Self.id) == [Self.second])
            #expect(try database.migrate(all, applicationID: Self.id) { throw Unfit() } == [])
        }
    }

    @Test("a file of a newer release is refused untouched, with both versions and what to do")
    func newer() throws {
        try withDatabasePath { (path) throws in
            try Database(path: path, mode: .writer).migrate([Self.first, Self.second], applicationID: Self.id)
            let database = try Database(path: path, mode: .writer)
            let expected = SQLiteError.newerSchema(path: path, found: 2, known: 1)
            #expect(throws: expected) { try database.migrate([Self.first], applicationID: Self.id) }
            #expect(try database.schemaVersion == 2)
            #expect(
                "\(expected)".hasPrefix("\(path) has schema version 2, and this release knows versions up to 1; use"))
        }
    }

    @Test("another program's file is refused untouched, marked or not", arguments: [0, 42] as [Int32])
    func foreign(mark: Int32) throws {
        try withDatabase { (database) throws in
            try database.execute("CREATE TABLE theirs (a); PRAGMA application_id = \(mark)")
            #expect(throws: SQLiteError.foreignFile(path: database.path, found: mark, expected: Self.id)) {
                try database.migrate([Self.first], applicationID: Self.id)
            }
            #expect(try database.integer("SELECT count(*) FROM sqlite_schema") == 1)
        }
    }

    @Test("steps with a gap or out of order are refused", arguments: [[2], [1, 3], [2, 1], [1, 1]])
    func numbering(numbers: [Int]) throws {
        try withDatabase { (database) throws in
            let steps = numbers.map { Migration(number: $0, name: "n", sql: "SELECT 1") }
            let error = #expect(throws: SQLiteError.self) { try database.migrate(steps, applicationID: Self.id) }
            #expect(error?.code == .misuse)
        }
    }
}
