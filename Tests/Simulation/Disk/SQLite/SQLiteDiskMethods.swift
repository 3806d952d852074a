import CSQLite
import Files
import Glibc

/// What SQLite asks of a disk; <https://sqlite.org/c3ref/vfs.html>.
enum SQLiteDiskMethods {
    static var table: sqlite3_vfs {
        var table = sqlite3_vfs()
        table.iVersion = 2
        table.szOsFile = Int32(MemoryLayout<SQLiteFileHeader>.size)
        table.mxPathname = 1_024
        table.xOpen = { system, path, file, flags, flagsOut in
            guard let disk = SQLiteDiskMethods.registration(system), let file else { return SQLITE_CANTOPEN }
            flagsOut?.pointee = flags
            return disk.open(path.map { String(cString: $0) }, file, flags: flags)
        }
        table.xDelete = { system, path, synchronizesFolder in
            guard let disk = SQLiteDiskMethods.registration(system), let path else { return SQLITE_IOERR }
            return SQLiteDiskMethods.delete(String(cString: path), synchronizesFolder: synchronizesFolder != 0, disk)
        }
        table.xAccess = { system, path, _, result in
            guard let disk = SQLiteDiskMethods.registration(system), let path else { return SQLITE_IOERR }
            let name = String(cString: path)
            return SQLiteDiskMethods.code(SQLITE_IOERR | (13 << 8)) {
                result?.pointee = try disk.disk.perform(.inspect, name, since: disk.crashes) { volume in
                    // An empty file is as good as none, as for SQLite's own access to Unix.
                    volume.tree.node(name).map { volume.nodes[$0].file.seen.size > 0 } == true ? 1 : 0
                }
            }
        }
        table.xFullPathname = { _, path, size, full in
            guard let path, let full, strlen(path) < Int(size) else { return SQLITE_CANTOPEN }
            strcpy(full, path)
            return SQLITE_OK
        }
        addChance(to: &table)
        return table
    }

    private static func addChance(to table: inout sqlite3_vfs) {
        table.xRandomness = { system, size, bytes in
            guard let disk = SQLiteDiskMethods.registration(system), let bytes else { return 0 }
            for index in 0..<Int(size) { bytes[index] = CChar(truncatingIfNeeded: disk.disk.randomNumber()) }
            return size
        }
        // Nobody moves the time while SQLite waits, so it waits in vain at once.
        table.xSleep = { _, microseconds in microseconds }
        table.xCurrentTime = { system, days in
            guard let disk = SQLiteDiskMethods.registration(system) else { return SQLITE_ERROR }
            days?.pointee = Double(SQLiteDiskMethods.julianMilliseconds(disk)) / 86_400_000
            return SQLITE_OK
        }
        table.xCurrentTimeInt64 = { system, milliseconds in
            guard let disk = SQLiteDiskMethods.registration(system) else { return SQLITE_ERROR }
            milliseconds?.pointee = SQLiteDiskMethods.julianMilliseconds(disk)
            return SQLITE_OK
        }
        table.xGetLastError = { _, _, _ in 0 }
    }

    private static func registration(_ system: UnsafeMutablePointer<sqlite3_vfs>?) -> SQLiteRegistration? {
        // Not retained: the registration outlives the table that points to it.
        system?.pointee.pAppData.map { Unmanaged<SQLiteRegistration>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Milliseconds since noon of 24 November 4714 BC, which 1970 was 2,440,587.5 days after.
    private static func julianMilliseconds(_ disk: SQLiteRegistration) -> Int64 {
        let time = disk.disk.now().components
        return 210_866_760_000_000 + time.seconds * 1_000 + time.attoseconds / 1_000_000_000_000_000
    }

    private static func delete(_ path: String, synchronizesFolder: Bool, _ disk: SQLiteRegistration) -> Int32 {
        do {
            try disk.disk.perform(.remove, path, since: disk.crashes) { volume throws(ErrorNumber) in
                try volume.remove(path)
            }
        } catch {
            return error == .notFound ? SQLITE_IOERR | (23 << 8) : SQLITE_IOERR | (10 << 8)
        }
        guard synchronizesFolder else { return SQLITE_OK }
        return code(SQLITE_IOERR | (5 << 8)) { try disk.synchronizeFolder(of: path) }
    }

    private static func code(_ failure: Int32, _ body: () throws -> Void) -> Int32 {
        do {
            try body()
            return SQLITE_OK
        } catch {
            return failure
        }
    }
}

extension SQLiteRegistration {
    /// Makes the names in the folder of a file durable.
    func synchronizeFolder(of path: String) throws(ErrorNumber) {
        let folder = FolderTree.folder(of: path)
        try disk.perform(.synchronize, folder, since: crashes) { [disk] volume in
            if !disk.ignoresSynchronization { volume.tree.synchronize(folder) }
        }
    }
}
