import Messages
import SQLite

/// A connection that reads; it lives on one of the reading threads.
///
/// What cannot be read is collected as ``damage``, for the writer to set aside.
final class SpoolReader {
    let database: Database
    private(set) var damage: [Damage] = []

    init(_ database: Database) {
        self.database = database
    }

    /// Runs the body on a snapshot, and returns its result and what could not be read, also when it failed because of it.
    func snapshot<Value>(_ body: (SpoolReader) throws -> Value) -> (Result<Value, SpoolError>, [Damage]) {
        damage = []
        let result = Result { try database.snapshot { try body(self) } }
        return (result.mapError { SpoolError($0) }, damage)
    }

    /// Notes that something cannot be read.
    func note(_ place: String, _ reason: String, dispatch: Int64? = nil) {
        damage.append(Damage(place: place, reason: reason, dispatch: dispatch))
    }

    /// The envelope of a dispatch as the stages left it; `nil`, and noted, when it cannot be read.
    func envelope(of number: Int64) throws -> Envelope? {
        let sequence = DispatchNumber.sequence(of: number)
        let details = try noting("details \(number)", dispatch: number) {
            try bytes("SELECT envelope FROM details WHERE number = ?1", number)
        }
        guard let details else { return nil }
        if let own = details { return decode(own, "details \(number)", dispatch: number) }
        let content = try noting("messages \(sequence)", dispatch: number) {
            try bytes("SELECT envelope FROM messages WHERE sequence = ?1", sequence)
        }
        guard let content else { return nil }
        guard let bytes = content else {
            note("messages \(sequence)", "the row is missing", dispatch: number)
            return nil
        }
        return decode(bytes, "messages \(sequence)", dispatch: number)
    }

    /// Runs the body; `nil`, and noted, when what it reads lies on a damaged page.
    ///
    /// - Throws: What the body throws for another reason: a disk that fails may work the next time.
    func noting<Value>(_ place: String, dispatch: Int64? = nil, _ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch let error as SQLiteError where error.isDamage {
            note(place, "\(error)", dispatch: dispatch)
            return nil
        }
    }

    /// Reads an envelope; `nil`, and noted, when it cannot be read.
    func decode(_ bytes: [UInt8], _ place: String, dispatch: Int64? = nil) -> Envelope? {
        do throws(MessageError) {
            return try Envelope(parsing: bytes)
        } catch {
            note(place, "\(error)", dispatch: dispatch)
            return nil
        }
    }

    private func bytes(_ sql: String, _ number: Int64) throws -> [UInt8]? {
        try database.withStatement(sql) {
            try $0.bind(number, at: 1)
            return try $0.firstRow { try $0.optionalBytes(0) } ?? nil
        }
    }

    // MARK: Small questions

    /// How many dispatches are in each state.
    func counts() throws -> [DispatchState: Int] {
        let rows = try database.withStatement("SELECT name, value FROM counters") {
            try $0.rows { (DispatchState(rawValue: try $0.text(0)), Int(try $0.integer(1))) }
        }
        return rows.reduce(into: [:]) { counts, row in
            if let state = row.0, row.1 != 0 { counts[state] = row.1 }
        }
    }

    /// What was set aside.
    func damagedRows() throws -> [DamagedRow] {
        try database.withStatement("SELECT place, reason, found FROM damaged ORDER BY found, place") {
            try $0.rows {
                DamagedRow(
                    place: try $0.text(0), reason: try $0.text(1), found: Timestamp(milliseconds: try $0.integer(2)))
            }
        }
    }

    /// The value a mailbox stored under a key.
    func state(mailbox: String, key: String) throws -> [UInt8]? {
        try database.withStatement("SELECT value FROM states WHERE mailbox = ?1 AND key = ?2") {
            try $0.bind(mailbox, at: 1)
            try $0.bind(key, at: 2)
            return try $0.firstRow { try $0.bytes(0) }
        }
    }

    /// The values a mailbox stored under keys with a prefix.
    func states(mailbox: String, prefix: String, after: String?, limit: Int) throws -> [StateEntry] {
        // Texts are compared by their bytes, so the keys of a prefix are a range of the table.
        try database.withStatement(
            """
            SELECT key, value FROM states
            WHERE mailbox = ?1 AND key >= ?2 AND key > ?3 AND substr(key, 1, length(?2)) = ?2 ORDER BY key LIMIT ?4
            """
        ) {
            try $0.bind(mailbox, at: 1)
            try $0.bind(prefix, at: 2)
            try $0.bind(after ?? "", at: 3)
            try $0.bind(Int64(limit), at: 4)
            return try $0.rows { StateEntry(key: try $0.text(0), value: try $0.bytes(1)) }
        }
    }
}
