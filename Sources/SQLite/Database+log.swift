import CSQLite

/// How far the write-ahead log has been moved into the database file.
public struct Checkpoint: Sendable, Hashable {
    /// The pages in the log when the checkpoint began.
    public let pages: Int
    /// Those of them that are in the database file as well.
    public let moved: Int

    /// The pages that readers, or somebody else's checkpoint, still keep in the log alone.
    public var left: Int { max(pages - moved, 0) }
}

extension Database {
    /// Moves what is in the write-ahead log into the database file, as far as readers allow, without waiting for them.
    ///
    /// Writers are not held up, wherever it runs. While another connection is at it, nothing is moved.
    ///
    /// - Throws: ``SQLiteError/failed(code:message:operation:)``.
    @discardableResult
    public func checkpoint() throws(SQLiteError) -> Checkpoint {
        var pages: Int32 = 0
        var moved: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(connection.pointer, nil, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved)
        if code != SQLITE_BUSY { try connection.check(code, "checkpointing \(path)") }
        return Checkpoint(pages: Int(max(pages, 0)), moved: Int(max(moved, 0)))
    }

    /// Turns off the checkpoints that SQLite makes within commits, and keeps ``logPages`` instead.
    public func keepLog() {
        let pages = Unmanaged.passUnretained(connection.log)
        // Takes the place of the hook that makes the automatic checkpoints (https://sqlite.org/c3ref/wal_hook.html).
        sqlite3_wal_hook(
            connection.pointer,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<LogLength>.fromOpaque(context).takeUnretainedValue().pages = Int(pages)
                return SQLITE_OK
            }, pages.toOpaque())
    }

    /// How many pages the log had after the last commit of this connection; 0 before the first one, and unless
    /// ``keepLog()`` was called.
    public var logPages: Int { connection.log.pages }
}

/// Where the connection's hook notes the length of the log, on the connection's own thread.
final class LogLength {
    var pages = 0
}
