public import Files
import Messages
import SQLite

/// What a repair did.
public struct SpoolRepair: Sendable {
    /// Where the damaged database is kept; `nil` when nothing had to be done to it.
    public var kept: FilePath?
    /// How many rows were saved.
    public var saved = 0
    /// What could not be saved, or is a blob that cannot be read.
    public var lost: [SpoolFinding] = []
}

/// Puts a database that was salvaged in the place of a damaged one.
///
/// The swap is three renamings, and a log must never meet another database than its own. So a file, `spool.repairing`,
/// says that it has begun: as long as that is there no router opens the folder, and the next repair goes on from where
/// this one was ended.
struct SpoolSwap {
    let paths: SpoolPaths
    let files: FileSystem

    /// Ends a swap that was ended half-way; `nil` when there was none.
    ///
    /// - Returns: Where the damaged database is.
    func resume() throws -> FilePath? {
        guard try files.exists(paths.repairing) else { return nil }
        let name = try files.readText(paths.repairing, limit: 4_096)
        let kept = paths.folder.appending(name)
        if try files.exists(paths.repaired) { try moveAll(to: kept) }
        try files.remove(paths.repairing)
        return kept
    }

    /// Sets the damaged database aside and gives the repaired one its name.
    func run(at time: Timestamp) throws -> FilePath {
        guard try !files.exists(FilePath("\(paths.repaired.text)-wal")) else {
            throw SpoolError.disk(detail: "\(paths.repaired.name) could not be closed whole; run the repair again")
        }
        let name = "spool.db.damaged-\(time.description.filter { $0 != ":" && $0 != "-" })"
        try files.write(Array(name.utf8), to: paths.repairing)
        let kept = paths.folder.appending(name)
        try moveAll(to: kept)
        try files.remove(paths.repairing)
        return kept
    }

    private func moveAll(to kept: FilePath) throws {
        if try !files.exists(kept), try files.exists(paths.database) { try files.move(paths.database, to: kept) }
        if try files.exists(paths.log) { try files.move(paths.log, to: FilePath("\(kept.text)-wal")) }
        try files.remove(FilePath("\(paths.database.text)-shm"))
        try files.move(paths.repaired, to: paths.database)
    }
}
