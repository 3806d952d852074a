/// One step of a schema's history.
///
/// A released step is never changed; a change is a new step.
public struct Migration: Sendable, Hashable {
    /// The version of the schema after this step: 1, 2, 3 and so on.
    public let number: Int
    /// What it does, in a few words.
    public let name: String
    /// The statements.
    public let sql: String

    /// Creates a step.
    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

extension Database {
    /// Brings the schema to the last of the steps; the file's `user_version` tells how far it is.
    ///
    /// All steps are one transaction: when one fails, or the process dies, the file is as it was, and the release that
    /// wrote it goes on with it. Two processes that open the file at once do each step once.
    ///
    /// - Parameters:
    ///   - migrations: All steps, numbered from 1 without a gap.
    ///   - applicationID: The number that marks a file as this program's (`PRAGMA application_id`); not 0.
    ///   - prove: Looks at the result before it is committed, when there were steps to do; throw to undo them all.
    /// - Returns: The steps that were done now.
    /// - Throws: ``SQLiteError/newerSchema(path:found:known:)`` when the file is ahead of the steps,
    ///   ``SQLiteError/foreignFile(path:found:expected:)`` when it is another program's, and the failure of a step or
    ///   of the proof.
    @discardableResult
    public func migrate(
        _ migrations: [Migration], applicationID: Int32, prove: () throws -> Void = {}
    ) throws -> [Migration] {
        guard migrations.map(\.number) == Array(1...max(migrations.count, 1)) else {
            throw SQLiteError.failed(
                code: .misuse, message: "steps must be numbered 1, 2, 3 …", operation: "the migration of \(path)")
        }
        try checkSchema(known: migrations.count, applicationID: applicationID)
        return try transaction {
            // Asked inside the transaction: another process may have been faster.
            let version = try schemaVersion
            let missing = migrations.filter { $0.number > version }
            guard let last = missing.last else { return [] }
            for migration in missing { try execute(migration.sql) }
            // A pragma takes no parameters; both are numbers.
            try execute("PRAGMA user_version = \(last.number); PRAGMA application_id = \(applicationID)")
            try prove()
            return missing
        }
    }

    /// Checks that the file is this program's and not newer than the last step known; changes nothing.
    ///
    /// - Throws: As ``migrate(_:applicationID:)``.
    public func checkSchema(known: Int, applicationID: Int32) throws {
        let found = Int32(truncatingIfNeeded: try integer("PRAGMA application_id") ?? 0)
        let isEmpty = try found == 0 && schemaVersion == 0 && integer("SELECT count(*) FROM sqlite_schema") == 0
        guard isEmpty || found == applicationID else {
            throw SQLiteError.foreignFile(path: path, found: found, expected: applicationID)
        }
        let version = try schemaVersion
        guard version <= known else { throw SQLiteError.newerSchema(path: path, found: version, known: known) }
    }

    /// The number of the last step done; 0 for a new file.
    public var schemaVersion: Int {
        get throws { Int(try integer("PRAGMA user_version") ?? 0) }
    }
}
