import CSQLite
import Files
import Glibc
import Synchronization

/// SQLite's way to a ``MemoryDisk``, as one process uses it: an `sqlite3_vfs` with a name of its own.
///
/// Every open database keeps it, so it is given back after the last of them, whatever the order they go in.
final class SQLiteRegistration {
    let disk: DiskCore
    /// How many crashes there were when the process started.
    let crashes: Int
    let name: String
    private let methods: UnsafeMutablePointer<sqlite3_io_methods>
    private let system: UnsafeMutablePointer<sqlite3_vfs>

    init(disk: DiskCore, crashes: Int) {
        self.disk = disk
        self.crashes = crashes
        methods = .allocate(capacity: 1)
        methods.initialize(to: SQLiteFileMethods.table)
        system = .allocate(capacity: 1)
        system.initialize(to: sqlite3_vfs())
        // No other object has this address while this one lives.
        name = "simulated-\(UInt(bitPattern: system))"
        system.pointee = SQLiteDiskMethods.table
        system.pointee.zName = UnsafePointer(strdup(name))
        system.pointee.pAppData = Unmanaged.passUnretained(self).toOpaque()
        // It fails for want of memory alone, and then no database can be opened by the name.
        sqlite3_vfs_register(system, 0)
    }

    deinit {
        sqlite3_vfs_unregister(system)
        free(UnsafeMutablePointer(mutating: system.pointee.zName))
        system.deallocate()
        methods.deallocate()
    }

    /// Opens a file; `nil` stands for a temporary one without a name.
    func open(
        _ path: String?, _ file: UnsafeMutablePointer<sqlite3_file>, flags: Int32
    ) -> Int32 {
        file.pointee.pMethods = nil
        let create = flags & SQLITE_OPEN_CREATE != 0
        let exclusive = flags & SQLITE_OPEN_EXCLUSIVE != 0
        do {
            let (node, isNew) = try disk.perform(.open, path ?? "", since: crashes) { volume throws(ErrorNumber) in
                guard let path else { return (volume.makeNameless(), true) }
                return try volume.open(path, create: create, exclusive: exclusive)
            }
            let isLog = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL) != 0
            let opened = SQLiteOpenFile(
                self, node: node, path: path ?? "", mustSynchronizeFolder: isNew && isLog,
                isTemporary: flags & SQLITE_OPEN_DELETEONCLOSE != 0)
            SQLiteOpenFile.install(opened, in: file)
            file.pointee.pMethods = UnsafePointer(methods)
            return SQLITE_OK
        } catch {
            return SQLITE_CANTOPEN
        }
    }
}

extension SQLiteRegistration: @unchecked Sendable {
    // All fields are constants; what they point to is filled before the registration and changed by nobody after it,
    // apart from the link to the next one, which SQLite guards with a mutex of its own.
}
