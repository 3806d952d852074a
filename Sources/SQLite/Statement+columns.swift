import CSQLite

extension Statement {
    /// The number of columns in a row.
    public var columnCount: Int32 { sqlite3_column_count(pointer) }

    /// Tells whether the column of this row is `NULL`.
    public func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(pointer, column) == SQLITE_NULL
    }

    /// Returns the integer in the column of this row.
    ///
    /// - Throws: ``SQLiteError/unexpectedType(column:found:expected:)`` for anything else, `NULL` too.
    public func integer(_ column: Int32) throws(SQLiteError) -> Int64 {
        try require(SQLITE_INTEGER, "an integer", in: column)
        return sqlite3_column_int64(pointer, column)
    }

    /// Returns the text in the column of this row; bytes that are no UTF-8 become U+FFFD.
    ///
    /// - Throws: ``SQLiteError/unexpectedType(column:found:expected:)`` for anything else, `NULL` too.
    public func text(_ column: Int32) throws(SQLiteError) -> String {
        try require(SQLITE_TEXT, "a text", in: column)
        // The text is asked for before its length: that is the order in which SQLite converts at most once
        // (https://sqlite.org/c3ref/column_blob.html).
        let text = sqlite3_column_text(pointer, column)
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: text, count: text == nil ? 0 : count), as: UTF8.self)
    }

    /// Returns the bytes in the column of this row, of a blob or of a text as UTF-8.
    ///
    /// - Throws: ``SQLiteError/unexpectedType(column:found:expected:)`` for anything else, `NULL` too.
    public func bytes(_ column: Int32) throws(SQLiteError) -> [UInt8] {
        if sqlite3_column_type(pointer, column) != SQLITE_TEXT { try require(SQLITE_BLOB, "bytes", in: column) }
        let bytes = sqlite3_column_blob(pointer, column)
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    /// Returns the integer in the column of this row, `nil` for `NULL`.
    public func optionalInteger(_ column: Int32) throws(SQLiteError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// Returns the text in the column of this row, `nil` for `NULL`.
    public func optionalText(_ column: Int32) throws(SQLiteError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// Returns the bytes in the column of this row, `nil` for `NULL`.
    public func optionalBytes(_ column: Int32) throws(SQLiteError) -> [UInt8]? {
        isNull(column) ? nil : try bytes(column)
    }

    private func require(_ type: Int32, _ expected: String, in column: Int32) throws(SQLiteError) {
        let found = sqlite3_column_type(pointer, column)
        guard found != type else { return }
        let name = sqlite3_column_name(pointer, column).map { String(cString: $0) } ?? "\(column)"
        throw .unexpectedType(column: name, found: Self.typeNames[Int(found)] ?? "nothing", expected: expected)
    }

    private static let typeNames: [Int: String] = [
        Int(SQLITE_INTEGER): "an integer", Int(SQLITE_FLOAT): "a real number", Int(SQLITE_TEXT): "a text",
        Int(SQLITE_BLOB): "bytes", Int(SQLITE_NULL): "NULL",
    ]
}
