import CSQLite

extension Database {
    /// Looks for damage in the file.
    ///
    /// - Parameter isQuick: Whether to leave out the comparison of indices with their tables, which takes longest.
    /// - Throws: ``SQLiteError/damaged(path:findings:)`` with at most ten findings.
    public func checkIntegrity(isQuick: Bool = false) throws {
        let findings = try withStatement(isQuick ? "PRAGMA quick_check(10)" : "PRAGMA integrity_check(10)") {
            try $0.rows { try $0.text(0) }
        }
        guard findings == ["ok"] else { throw SQLiteError.damaged(path: path, findings: findings) }
    }

    /// The size of the database in bytes, without the write-ahead log and with pages that are free again.
    public var size: Int {
        get throws {
            Int(try integer("PRAGMA page_count") ?? 0) * Int(try integer("PRAGMA page_size") ?? 0)
        }
    }

    /// Copies the database, as it is at the start, to another file while others go on writing.
    ///
    /// - Parameters:
    ///   - target: The other file; a database there is replaced.
    ///   - fileSystem: The name of the `sqlite3_vfs` of the target; `nil` for the operating system's files.
    ///   - pagesPerStep: How much is copied between two calls of `progress`.
    ///   - progress: Told how many pages are left of how many; throw from it to stop.
    /// - Throws: ``SQLiteError/failed(code:message:operation:)`` and what `progress` throws; the target is then no
    ///   valid copy.
    public func backup(
        to target: String, fileSystem: String? = nil, pagesPerStep: Int32 = 1_024,
        progress: (_ left: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        let copy = try Connection(
            path: target, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE,
            fileSystem: fileSystem)
        // "If the source database is modified by … a database connection other than the one being used by the backup
        // operation, then the backup will be automatically restarted" (https://sqlite.org/c3ref/backup_finish.html).
        // Within a read transaction there is nothing new to see, so a busy router cannot keep its backup from ending.
        try transaction(.deferred) {
            _ = try integer("SELECT count(*) FROM sqlite_schema")
            let backup = try Backup(from: connection, to: copy)
            while try backup.step(pages: pagesPerStep) {
                try progress(backup.left, backup.total)
            }
        }
    }
}

/// A copy under way; finished with the value.
private struct Backup: ~Copyable {
    private let source: Connection
    private let target: Connection
    private let pointer: OpaquePointer

    init(from source: Connection, to target: Connection) throws(SQLiteError) {
        guard let pointer = sqlite3_backup_init(target.pointer, "main", source.pointer, "main") else {
            throw target.error("starting a backup")
        }
        self.source = source
        self.target = target
        self.pointer = pointer
    }

    deinit {
        // Its code repeats the failure of the last step, which was thrown then.
        sqlite3_backup_finish(pointer)
    }

    /// Copies some pages and tells whether there are more.
    func step(pages: Int32) throws(SQLiteError) -> Bool {
        let code = sqlite3_backup_step(pointer, pages)
        switch code {
        case SQLITE_OK: return true
        case SQLITE_DONE: return false
        default:
            // The step keeps its code to itself until the backup is finished, so the text comes from the code.
            throw .failed(
                code: ResultCode(rawValue: code), message: String(cString: sqlite3_errstr(code)),
                operation: "copying pages of a backup")
        }
    }

    var left: Int { Int(sqlite3_backup_remaining(pointer)) }
    var total: Int { Int(sqlite3_backup_pagecount(pointer)) }
}
