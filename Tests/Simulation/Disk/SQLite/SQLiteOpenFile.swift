import CSQLite
import Files
import TestSupport

/// A file that SQLite has open, with SQLite's names for what may go wrong.
final class SQLiteOpenFile {
    private let registration: SQLiteRegistration
    private let node: Int
    private let path: String
    private let connection: Int
    private let isTemporary: Bool
    /// A new log is worth nothing without its name: its folder is synchronized with it, as SQLite does on Unix.
    private var mustSynchronizeFolder: Bool

    private var disk: DiskCore { registration.disk }
    private var crashes: Int { registration.crashes }

    init(
        _ registration: SQLiteRegistration, node: Int, path: String, mustSynchronizeFolder: Bool, isTemporary: Bool
    ) {
        self.registration = registration
        self.node = node
        self.path = path
        self.mustSynchronizeFolder = mustSynchronizeFolder
        self.isTemporary = isTemporary
        connection = registration.disk.nextConnection()
    }

    func close() {
        let (node, connection) = (node, connection)
        _ = disk.manage(since: crashes) { volume in
            volume.withLocks(node) { $0.leave(connection) }
            volume.leaveSharedMemory(node, connection)
        }
        guard isTemporary, !path.isEmpty else { return }
        // Nobody learns of it: the file is found by nothing, and the process is about to forget its name.
        try? disk.perform(.remove, path, since: crashes) { [path] volume throws(ErrorNumber) in try volume.remove(path)
        }
    }

    // MARK: Content

    func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        do {
            let count = try disk.perform(.read, path, size: bytes.count, since: crashes) { [node] volume in
                volume.read(node, at: offset, into: bytes)
            }
            guard count < bytes.count else { return SQLITE_OK }
            // What SQLite did not get must be zero.
            UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).initializeMemory(as: UInt8.self, repeating: 0)
            return SQLITE_IOERR | (2 << 8)
        } catch {
            return SQLITE_IOERR | (1 << 8)
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        do {
            try disk.perform(
                .write, path, size: bytes.count, since: crashes,
                half: { [node] in $0.writeBeginning(node, bytes, at: offset, &$1) },
                { [node] volume throws(ErrorNumber) in try volume.write(node, bytes, at: offset) })
            return SQLITE_OK
        } catch {
            return error.isFull ? SQLITE_FULL : SQLITE_IOERR | (3 << 8)
        }
    }

    func resize(to size: Int) -> Int32 {
        do {
            try disk.perform(.truncate, path, since: crashes) { [node] volume in volume.resize(node, to: size) }
            return SQLITE_OK
        } catch {
            return SQLITE_IOERR | (6 << 8)
        }
    }

    func synchronize() -> Int32 {
        do {
            let (disk, node, path) = (disk, node, path)
            try disk.perform(
                .synchronize, path, since: crashes, half: { $0.failToSynchronize(node, &$1) },
                { volume in if !disk.ignoresSynchronization { volume.synchronize(node, path) } })
            if mustSynchronizeFolder { try registration.synchronizeFolder(of: path) }
            mustSynchronizeFolder = false
            return SQLITE_OK
        } catch {
            return SQLITE_IOERR | (4 << 8)
        }
    }

    /// The size in bytes; `nil` when it cannot be found out.
    func size() -> Int? {
        do {
            return try disk.perform(.inspect, path, since: crashes) { [node] in $0.nodes[node].file.seen.size }
        } catch {
            return nil
        }
    }

    // MARK: Locks

    func lock(_ level: Int32) -> Int32 {
        let (node, connection) = (node, connection)
        guard let isTaken = disk.manage(since: crashes, { $0.withLocks(node) { $0.lock(connection, level) } }) else {
            return SQLITE_IOERR | (15 << 8)
        }
        return isTaken ? SQLITE_OK : SQLITE_BUSY
    }

    func unlock(to level: Int32) {
        let (node, connection) = (node, connection)
        _ = disk.manage(since: crashes) { $0.withLocks(node) { $0.unlock(connection, to: level) } }
    }

    var isReserved: Bool {
        let node = node
        return disk.manage(since: crashes) { $0.withLocks(node) { $0.isReserved } } ?? false
    }

    // MARK: The index of a log

    func region(_ number: Int, size: Int, makes: Bool) -> UnsafeMutableRawPointer? {
        let (node, connection) = (node, connection)
        let address = disk.manage(since: crashes) {
            $0.sharedRegion(node, connection, number, size: size, makes: makes)
        }
        return address.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
    }

    func lockIndex(_ range: Range<Int>, _ flags: Int32) -> Int32 {
        let (node, connection) = (node, connection)
        let exclusively = flags & SQLITE_SHM_EXCLUSIVE != 0
        let isTaken = disk.manage(since: crashes) { volume in
            volume.withLocks(node) { locks in
                guard flags & SQLITE_SHM_UNLOCK == 0 else {
                    locks.release(range, exclusively: exclusively, connection)
                    return true
                }
                return locks.take(range, exclusively: exclusively, connection)
            }
        }
        // Nobody is left to compete with after a crash; whatever is read or written next fails.
        return isTaken ?? true ? SQLITE_OK : SQLITE_BUSY
    }

    func leaveIndex() {
        let (node, connection) = (node, connection)
        _ = disk.manage(since: crashes) { $0.leaveSharedMemory(node, connection) }
    }
}

/// What lies in the memory that SQLite sets aside for an open file.
struct SQLiteFileHeader {
    var base: sqlite3_file
    /// Retained from the opening to the closing.
    var file: Unmanaged<SQLiteOpenFile>
}

extension SQLiteOpenFile {
    static func install(_ file: SQLiteOpenFile, in memory: UnsafeMutablePointer<sqlite3_file>) {
        UnsafeMutableRawPointer(memory).assumingMemoryBound(to: SQLiteFileHeader.self)
            .initialize(to: SQLiteFileHeader(base: sqlite3_file(), file: .passRetained(file)))
    }

    static func at(_ memory: UnsafeMutablePointer<sqlite3_file>?) -> SQLiteOpenFile? {
        memory.map { header($0).file.takeUnretainedValue() }
    }

    /// Gives back the reference that `install` took.
    static func uninstall(_ memory: UnsafeMutablePointer<sqlite3_file>?) {
        guard let memory else { return }
        let file = header(memory).file.takeRetainedValue()
        file.close()
    }

    private static func header(_ memory: UnsafeMutablePointer<sqlite3_file>) -> SQLiteFileHeader {
        UnsafeMutableRawPointer(memory).assumingMemoryBound(to: SQLiteFileHeader.self).pointee
    }
}
