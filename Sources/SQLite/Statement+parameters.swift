import CSQLite

extension Statement {
    /// Binds an integer, or `NULL`.
    public func bind(_ value: Int64?, at index: Int32) throws(SQLiteError) {
        let code = value.map { sqlite3_bind_int64(pointer, index, $0) } ?? sqlite3_bind_null(pointer, index)
        try connection.check(code, sql)
    }

    /// Binds a text, or `NULL`.
    public func bind(_ value: String?, at index: Int32) throws(SQLiteError) {
        guard let value else { return try bindNull(at: index) }
        let count = UInt64(value.utf8.count)
        let code = value.withCString {
            sqlite3_bind_text64(pointer, index, $0, count, postroad_sqlite_transient(), UInt8(SQLITE_UTF8))
        }
        try connection.check(code, sql)
    }

    /// Binds bytes, or `NULL`.
    public func bind(_ value: [UInt8]?, at index: Int32) throws(SQLiteError) {
        guard let value else { return try bindNull(at: index) }
        let code = value.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(pointer, index, 0)
                : sqlite3_bind_blob64(
                    pointer, index, bytes.baseAddress, UInt64(bytes.count), postroad_sqlite_transient())
        }
        try connection.check(code, sql)
    }

    /// Binds `NULL`.
    public func bindNull(at index: Int32) throws(SQLiteError) {
        try connection.check(sqlite3_bind_null(pointer, index), sql)
    }

    /// The number of parameters.
    public var parameterCount: Int32 { sqlite3_bind_parameter_count(pointer) }
}
