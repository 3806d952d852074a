import Files
import Logging
import SQLite

/// A copy of the database as an older release wrote it, made before it is brought to a newer schema.
///
/// A release that upgrades the spool and then cannot serve leaves a file that the older one refuses; the copy is the way
/// back (docs/decisions/0009-spool-upkeep.md).
struct UpgradeCopy {
    /// The largest database that is copied, in bytes: with more the router would be away for too long.
    static let maximumSize = 1 << 30

    let paths: SpoolPaths
    let files: FileSystem
    let logger: Logger
    var maximumSize = Self.maximumSize

    /// Makes the copy when an upgrade is due; without room for one the upgrade goes on, and the log says so.
    ///
    /// - Throws: ``SQLiteError`` when the schema cannot be read, or is not one of ours.
    func makeIfNeeded(of database: Database) throws {
        try database.checkSchema(known: SpoolSchema.migrations.count, applicationID: SpoolSchema.applicationID)
        let version = try database.schemaVersion
        guard version > 0, version < SpoolSchema.migrations.count else { return }
        let size = try database.size
        guard size <= maximumSize else {
            return logger.warning("spool is upgraded without a copy, it is too large", ["bytes": size])
        }
        let part = paths.folder.appending("spool.db.part")
        let copy = paths.copy(ofSchema: version)
        do {
            try files.remove(part)
            try database.backup(to: part.text, fileSystem: files.sqliteName)
            try files.move(part, to: copy)
            logger.info("spool copied before its upgrade", ["file": copy, "schema": version])
        } catch {
            try? files.remove(part)
            logger.warning("spool is upgraded without a copy", ["error": "\(error)"])
        }
    }
}
