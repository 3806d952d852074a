import CSQLite

/// One connection to a database file.
///
/// It belongs to one thread at a time; it is not `Sendable`, so it is made on the thread that uses it. Only
/// ``interrupter`` may be used from elsewhere. The file is closed when the database and its statements are gone.
public final class Database {
    /// What a connection may do.
    public enum Mode: Sendable, Hashable {
        /// Reads and writes, and creates the file: write-ahead log, every commit durable before it returns.
        case writer
        /// Reads a file that exists.
        case reader
    }

    /// The file.
    public let path: String
    /// What the connection may do.
    public let mode: Mode
    let connection: Connection
    private var cache: [String: CachedStatement] = [:]

    /// Opens the file.
    ///
    /// - Parameters:
    ///   - path: The file, or `:memory:`.
    ///   - mode: What the connection may do.
    ///   - busyTimeout: How long a statement waits for the lock of another connection before it fails as busy.
    ///   - fileSystem: The name of a registered `sqlite3_vfs`; `nil` for the operating system's files.
    /// - Throws: ``SQLiteError/failed(code:message:operation:)`` when the file cannot be opened or is no database.
    public init(
        path: String, mode: Mode, busyTimeout: Duration = .seconds(5), fileSystem: String? = nil
    ) throws(SQLiteError) {
        let access = mode == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        self.path = path
        self.mode = mode
        // The connection stays on one thread, so SQLite need not lock it (https://sqlite.org/threadsafe.html).
        connection = try Connection(
            path: path, flags: access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, fileSystem: fileSystem)
        let milliseconds =
            busyTimeout.components.seconds * 1_000 + busyTimeout.components.attoseconds / 1_000_000_000_000_000
        sqlite3_busy_timeout(connection.pointer, Int32(clamping: milliseconds))
        // What is written in the file itself is not trusted: it may come from a backup somebody else made.
        postroad_sqlite_db_config_flag(connection.pointer, SQLITE_DBCONFIG_DEFENSIVE, 1)
        postroad_sqlite_db_config_flag(connection.pointer, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        switch mode {
        case .writer:
            // With FULL the log is synchronized at every commit: what was acknowledged survives a power cut
            // (https://sqlite.org/pragma.html#pragma_synchronous).
            try execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        case .reader:
            try execute("PRAGMA query_only = ON")
        }
    }

    /// Stops what the connection is doing, from any thread.
    public var interrupter: Interrupter { connection.interrupter }

    /// Runs any number of statements without parameters and passes over their rows.
    public func execute(_ sql: String) throws(SQLiteError) {
        try connection.check(sqlite3_exec(connection.pointer, sql, nil, nil, nil), sql)
    }

    /// Prepares a statement that its owner keeps.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        try Statement(sql, on: connection, persistent: true)
    }

    /// Gives the body a statement that is prepared once and kept for the next call with the same text.
    ///
    /// The text is fixed, never built from data: every text is kept as long as the connection. Afterwards the
    /// statement is reset and its values forgotten.
    public func withStatement<Result>(
        _ sql: String, _ body: (borrowing Statement) throws -> Result
    ) throws -> Result {
        let cached = try cached(sql)
        defer {
            cached.statement.reset()
            cached.statement.clearBindings()
        }
        return try body(cached.statement)
    }

    /// A statement that is running, as when the body asks for its own text again, cannot be shared.
    private func cached(_ sql: String) throws(SQLiteError) -> CachedStatement {
        if let found = cache[sql] {
            return found.statement.isRunning ? CachedStatement(try prepare(sql)) : found
        }
        let made = CachedStatement(try prepare(sql))
        cache[sql] = made
        return made
    }

    /// The row id of the last insert of this connection.
    public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(connection.pointer) }

    /// How many rows the last insert, update or delete of this connection touched.
    public var changes: Int { Int(sqlite3_changes64(connection.pointer)) }

    /// Whether a transaction is open.
    public var isInTransaction: Bool { sqlite3_get_autocommit(connection.pointer) == 0 }

    /// Returns the integer that the statement's first row begins with; `nil` without a row or for `NULL`.
    public func integer(_ sql: String) throws -> Int64? {
        try withStatement(sql) { try $0.firstRow { try $0.optionalInteger(0) } ?? nil }
    }
}

/// Lets a dictionary keep a statement, which cannot be copied.
private final class CachedStatement {
    let statement: Statement

    init(_ statement: consuming Statement) {
        self.statement = statement
    }
}
