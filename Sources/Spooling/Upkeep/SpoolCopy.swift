import Crypto
import Files
import SQLite

/// Copies a spool into another folder: a backup from a router at work, or the way back.
///
/// Blobs are copied twice. Before the database, because a message whose time is over may go with its blobs while the
/// database is copied; after it, because a message may have come with new ones, which stay for an hour at least.
struct SpoolCopy {
    let source: SpoolPaths
    let target: SpoolPaths
    let files: FileSystem
    let tell: (SpoolProgress) -> Void

    /// Copies everything; the database gets its name last, so a folder with a `spool.db` is whole.
    ///
    /// - Throws: ``SpoolError``, also when there is anything of a spool in the target already.
    func run() throws {
        try checkTarget()
        guard try files.exists(source.database) else {
            throw SpoolError.unusable(path: source.folder.text, detail: "there is no spool.db in it")
        }
        try files.createFolder(target.folder)
        try copyBlobs(try BlobCopying.digests(in: source.blobs, files: files))
        let unfinished = target.folder.appending("spool.db.part")
        try files.remove(unfinished)
        let referenced = try copyDatabase(to: unfinished)
        let there = Set(try BlobCopying.digests(in: target.blobs, files: files))
        try copyBlobs(referenced.filter { !there.contains($0) })
        try files.move(unfinished, to: target.database)
    }

    /// Refuses a target that has anything of a spool: nothing is overwritten.
    func checkTarget() throws {
        for path in [target.database, target.log, target.repaired, target.repairing]
        where try files.exists(path) {
            throw SpoolError.unusable(
                path: target.folder.text,
                detail:
                    "\(path.name) is there already, and nothing is overwritten; name another folder, or move it away")
        }
    }

    private func copyBlobs(_ digests: [SHA256Digest]) throws {
        for (index, digest) in digests.enumerated() {
            if index.isMultiple(of: 100) {
                tell(SpoolProgress(step: "copying the blobs", done: index, total: digests.count))
            }
            // One that is gone belonged to a message that is gone; the check that follows knows of the others.
            _ = try BlobCopying.copy(digest, from: source.blobs, to: target.blobs, files: files)
        }
    }

    /// - Returns: The blobs that the copy refers to.
    private func copyDatabase(to path: FilePath) throws -> [SHA256Digest] {
        let database = try Database(path: source.database.text, mode: .reader, fileSystem: files.sqliteName)
        try database.checkSchema(known: SpoolSchema.migrations.count, applicationID: SpoolSchema.applicationID)
        try database.backup(to: path.text, fileSystem: files.sqliteName) { left, total in
            tell(SpoolProgress(step: "copying the database", done: total - left, total: total))
        }
        // A copy is opened as a writer once: with that it has no log that belongs to it.
        let copy = try Database(path: path.text, mode: .writer, fileSystem: files.sqliteName)
        return try copy.withStatement("SELECT DISTINCT digest FROM message_blobs") {
            try $0.rows { SHA256Digest(bytes: try $0.bytes(0)) }
        }.compactMap { $0 }
    }
}
