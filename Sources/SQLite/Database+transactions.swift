extension Database {
    /// When a transaction takes its lock.
    public enum TransactionKind: String, Sendable, Hashable {
        /// Takes the lock for writing at once, and waits for it: a writer that began as a reader could not.
        case immediate = "BEGIN IMMEDIATE"
        /// Takes a snapshot with the first read and keeps it to the end.
        case deferred = "BEGIN DEFERRED"
    }

    /// Runs the body in a transaction: it is committed when the body returns, rolled back when it throws.
    ///
    /// - Parameters:
    ///   - kind: When the lock is taken.
    ///   - body: What belongs together; it must not begin another transaction.
    /// - Returns: What the body returned; with an immediate transaction in ``Mode/writer`` everything is durable by then.
    /// - Throws: What the body throws, or ``SQLiteError/failed(code:message:operation:)`` of the begin or the commit;
    ///   then nothing of the transaction remains.
    public func transaction<Result>(_ kind: TransactionKind = .immediate, _ body: () throws -> Result) throws -> Result
    {
        try withStatement(kind.rawValue) { try $0.run() }
        do {
            let result = try body()
            try withStatement("COMMIT") { try $0.run() }
            return result
        } catch {
            // SQLite may have rolled back by itself, as for a full disk (https://sqlite.org/lang_transaction.html §3).
            // When the rollback fails as well, the first failure is the one that explains both.
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Runs the body on one snapshot of the database, in which it only reads.
    ///
    /// It ends with a rollback: a commit fails once a damaged page was met, although what else was read is good.
    ///
    /// - Throws: What the body throws, or ``SQLiteError/failed(code:message:operation:)`` of the begin.
    public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        try withStatement(TransactionKind.deferred.rawValue) { try $0.run() }
        defer {
            // Nothing was written that could be lost by a failure.
            if isInTransaction { try? withStatement("ROLLBACK") { try $0.run() } }
        }
        return try body()
    }
}
