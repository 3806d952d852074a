import CSQLite

/// What a column holds, whatever its type: for copying rows nobody knows the content of.
public enum Value: Sendable, Hashable {
    /// Nothing.
    case null
    /// An integer.
    case integer(Int64)
    /// A real number.
    case real(Double)
    /// A text.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
}

extension Statement {
    /// Returns what the column of this row holds.
    public func value(_ column: Int32) throws(SQLiteError) -> Value {
        switch sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: .integer(try integer(column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(pointer, column))
        case SQLITE_TEXT: .text(try text(column))
        case SQLITE_BLOB: .bytes(try bytes(column))
        default: .null
        }
    }

    /// Binds any value.
    public func bind(_ value: Value, at index: Int32) throws(SQLiteError) {
        switch value {
        case .null: try bindNull(at: index)
        case .integer(let number): try bind(number, at: index)
        case .real(let number): try connection.check(sqlite3_bind_double(pointer, index, number), sql)
        case .text(let text): try bind(text, at: index)
        case .bytes(let bytes): try bind(bytes, at: index)
        }
    }
}
