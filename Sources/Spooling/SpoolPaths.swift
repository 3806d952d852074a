import Files
import Synchronization

/// Where a spool keeps what.
struct SpoolPaths: Sendable {
    let folder: FilePath

    var database: FilePath { folder.appending("spool.db") }
    var log: FilePath { folder.appending("spool.db-wal") }
    var blobs: FilePath { folder.appending("blobs") }
    var lock: FilePath { folder.appending("spool.lock") }
    /// What a repair makes, until it takes the place of the database.
    var repaired: FilePath { folder.appending("spool.db.repaired") }
    /// Is there while a repair puts its file in the place of the database, and says where the old one goes.
    var repairing: FilePath { folder.appending("spool.repairing") }

    /// The database as it was before it was brought to a newer schema than this.
    func copy(ofSchema version: Int) -> FilePath { folder.appending("spool.db.schema-\(version)") }

    /// Refuses a folder in which a repair was ended half-way: the database may be on its way out of it.
    func checkRepair(_ files: FileSystem) throws {
        guard try files.exists(repairing) else { return }
        throw SpoolError.unusable(
            path: folder.text, detail: "a repair was not finished; run `postroad spool repair` again")
    }
}

/// The lock of a spool's folder, held until it is released.
final class FolderLock: Sendable {
    private let lock: Mutex<FileLock?>

    /// Takes the lock, having created the folder.
    init(_ paths: SpoolPaths, files: FileSystem) throws {
        try files.createFolder(paths.folder)
        do throws(FileError) {
            lock = Mutex(try FileLock(paths.lock, files: files))
        } catch {
            guard error.reason == .wouldBlock else { throw error }
            throw SpoolError.unusable(
                path: paths.folder.text,
                detail: "another router has it open; stop that one, or ask it (`postroad mailboxes list`)")
        }
    }

    /// Takes the lock on a thread that may block, because whoever opens a spool may be on the cooperative pool.
    static func take(
        _ paths: SpoolPaths, files: FileSystem, threads: any SpoolThreads
    ) async throws(SpoolError) -> FolderLock {
        let opener = try await WorkerPool(on: threads, count: 1) { try FolderLock(paths, files: files) }
        let lock = try await opener.run { $0 }
        await opener.close()
        return lock
    }

    /// Lets others have the folder.
    func release() {
        lock.withLock { $0 = nil }
    }
}
