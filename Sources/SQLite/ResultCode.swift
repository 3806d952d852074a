import CSQLite

/// What SQLite answered, as a primary code (`SQLITE_BUSY`) or an extended one (`SQLITE_BUSY_SNAPSHOT`).
///
/// See <https://sqlite.org/rescode.html>.
public struct ResultCode: RawRepresentable, Sendable, Hashable {
    /// The number, as in `sqlite3.h`.
    public let rawValue: Int32

    /// Creates a code from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// A generic error, mostly wrong SQL.
    public static let error = ResultCode(rawValue: SQLITE_ERROR)
    /// Another connection holds a lock.
    public static let busy = ResultCode(rawValue: SQLITE_BUSY)
    /// A table is locked by this connection.
    public static let locked = ResultCode(rawValue: SQLITE_LOCKED)
    /// The file may not be written to.
    public static let readOnly = ResultCode(rawValue: SQLITE_READONLY)
    /// The work was interrupted on request.
    public static let interrupt = ResultCode(rawValue: SQLITE_INTERRUPT)
    /// The disk failed.
    public static let inputOutput = ResultCode(rawValue: SQLITE_IOERR)
    /// The disk refused to write.
    public static let inputOutputWrite = ResultCode(rawValue: SQLITE_IOERR | (3 << 8))
    /// The file is damaged.
    public static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)
    /// There is no room for more, on the disk or within `max_page_count`.
    public static let full = ResultCode(rawValue: SQLITE_FULL)
    /// The file cannot be opened.
    public static let cannotOpen = ResultCode(rawValue: SQLITE_CANTOPEN)
    /// A value is too long.
    public static let tooBig = ResultCode(rawValue: SQLITE_TOOBIG)
    /// A constraint was violated.
    public static let constraint = ResultCode(rawValue: SQLITE_CONSTRAINT)
    /// A `UNIQUE` constraint was violated.
    public static let constraintUnique = ResultCode(rawValue: SQLITE_CONSTRAINT | (8 << 8))
    /// A `PRIMARY KEY` was taken.
    public static let constraintPrimaryKey = ResultCode(rawValue: SQLITE_CONSTRAINT | (6 << 8))
    /// A `FOREIGN KEY` led nowhere.
    public static let constraintForeignKey = ResultCode(rawValue: SQLITE_CONSTRAINT | (3 << 8))
    /// The call was a mistake of the program.
    public static let misuse = ResultCode(rawValue: SQLITE_MISUSE)
    /// A parameter or a column has no such number.
    public static let range = ResultCode(rawValue: SQLITE_RANGE)
    /// The file is no database.
    public static let notADatabase = ResultCode(rawValue: SQLITE_NOTADB)

    /// The low eight bits: the kind of failure without its details.
    public var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

    /// Whether the failure is this one: a primary code matches all its extended ones, an extended one itself alone.
    public static func ~= (pattern: ResultCode, code: ResultCode) -> Bool {
        pattern == code || (pattern == pattern.primary && pattern == code.primary)
    }

    /// Whether the disk has no room for more.
    ///
    /// A write that fails for want of space is `SQLITE_FULL` in most places; the log of a WAL database says
    /// `SQLITE_IOERR_WRITE` where the file system reports quota errors in its own way.
    public var isFull: Bool { .full ~= self }

    /// Whether the disk, or the file on it, failed.
    public var isDiskFailure: Bool {
        switch self {
        case .inputOutput, .corrupt, .cannotOpen, .notADatabase, .readOnly: true
        default: false
        }
    }
}

extension ResultCode: CustomStringConvertible {
    /// The primary code's name with the number: `SQLITE_BUSY (261)`.
    public var description: String {
        Self.names.indices.contains(Int(primary.rawValue))
            ? "SQLITE_\(Self.names[Int(primary.rawValue)]) (\(rawValue))" : "SQLite code \(rawValue)"
    }

    /// The primary codes by number; <https://sqlite.org/rescode.html#primary_result_code_list>.
    private static let names = [
        "OK", "ERROR", "INTERNAL", "PERM", "ABORT", "BUSY", "LOCKED", "NOMEM", "READONLY", "INTERRUPT", "IOERR",
        "CORRUPT", "NOTFOUND", "FULL", "CANTOPEN", "PROTOCOL", "EMPTY", "SCHEMA", "TOOBIG", "CONSTRAINT", "MISMATCH",
        "MISUSE", "NOLFS", "AUTH", "FORMAT", "RANGE", "NOTADB",
    ]
}
