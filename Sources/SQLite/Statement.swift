import CSQLite

/// One prepared statement, finalized with the value.
///
/// Parameters and columns are counted as SQL does: parameters from 1, columns from 0. A statement belongs to the
/// thread of its ``Database``. Texts and bytes are copied on the way in and out.
public struct Statement: ~Copyable {
    let connection: Connection
    let pointer: OpaquePointer
    /// The SQL text.
    public let sql: String

    init(_ sql: String, on connection: Connection, persistent: Bool) throws(SQLiteError) {
        var pointer: OpaquePointer?
        let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        var rest = ""
        let code = sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(connection.pointer, text, -1, flags, &pointer, &tail)
            rest = tail.map { String(cString: $0) } ?? ""
            return code
        }
        try connection.check(code, sql)
        guard let pointer else {
            throw .failed(code: .misuse, message: "there is no statement", operation: sql)
        }
        // What SQLite leaves unread would be silently skipped.
        guard rest.allSatisfy(\.isWhitespace) else {
            sqlite3_finalize(pointer)
            throw .failed(code: .misuse, message: "there is more than one statement", operation: sql)
        }
        self.sql = sql
        self.connection = connection
        self.pointer = pointer
    }

    deinit {
        // Its code repeats the last failure of a step, which was thrown then.
        sqlite3_finalize(pointer)
    }

    /// Goes to the next row.
    ///
    /// - Returns: Whether there is one; after `false` the statement is reset and may be bound and run again.
    /// - Throws: ``SQLiteError/failed(code:message:operation:)``; the statement is then reset.
    public func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(pointer)
            return false
        default:
            let error = connection.error(sql)
            sqlite3_reset(pointer)
            throw error
        }
    }

    /// Ends the run: locks are given back, and bound values stay until others take their place.
    public func reset() {
        // Its code repeats the failure of the last step, which was thrown then.
        sqlite3_reset(pointer)
    }

    /// Forgets all bound values.
    public func clearBindings() {
        sqlite3_clear_bindings(pointer)
    }

    /// Runs the statement to its end and passes over its rows.
    public func run() throws(SQLiteError) {
        while try step() {}
    }

    /// Runs the statement and gives each row to the body; the statement is reset afterwards, also when it throws.
    public func forEachRow(_ body: (borrowing Statement) throws -> Void) throws {
        defer { reset() }
        while try step() { try body(self) }
    }

    /// Runs the statement and returns what the body makes of each row.
    public func rows<Element>(_ body: (borrowing Statement) throws -> Element) throws -> [Element] {
        var elements: [Element] = []
        try forEachRow { elements.append(try body($0)) }
        return elements
    }

    /// Runs the statement and returns what the body makes of the first row; `nil` without one.
    public func firstRow<Element>(_ body: (borrowing Statement) throws -> Element) throws -> Element? {
        defer { reset() }
        return try step() ? try body(self) : nil
    }
}

extension Statement {
    /// Whether the statement is between its first row and its end.
    var isRunning: Bool { sqlite3_stmt_busy(pointer) != 0 }
}
