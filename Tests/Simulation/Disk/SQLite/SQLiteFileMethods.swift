import CSQLite
import Synchronization

/// What SQLite asks of an open file; <https://sqlite.org/c3ref/io_methods.html>.
enum SQLiteFileMethods {
    static var table: sqlite3_io_methods {
        var table = sqlite3_io_methods()
        // Version 2 has the index of a log and no memory that is mapped.
        table.iVersion = 2
        table.xClose = { file in
            SQLiteOpenFile.uninstall(file)
            return SQLITE_OK
        }
        addContent(to: &table)
        addLocks(to: &table)
        addIndex(to: &table)
        table.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        table.xSectorSize = { _ in 4_096 }
        // As SQLite takes all Unix disks: what lies beside a write in its sector is not harmed
        // (https://sqlite.org/psow.html).
        table.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        return table
    }

    private static func addContent(to table: inout sqlite3_io_methods) {
        table.xRead = { file, bytes, count, offset in
            SQLiteOpenFile.at(file)?.read(
                UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
                ?? SQLITE_IOERR
        }
        table.xWrite = { file, bytes, count, offset in
            SQLiteOpenFile.at(file)?.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
                ?? SQLITE_IOERR
        }
        table.xTruncate = { file, size in SQLiteOpenFile.at(file)?.resize(to: Int(size)) ?? SQLITE_IOERR }
        table.xSync = { file, _ in SQLiteOpenFile.at(file)?.synchronize() ?? SQLITE_IOERR }
        table.xFileSize = { file, size in
            guard let found = SQLiteOpenFile.at(file)?.size() else { return SQLITE_IOERR | (7 << 8) }
            size?.pointee = Int64(found)
            return SQLITE_OK
        }
    }

    private static func addLocks(to table: inout sqlite3_io_methods) {
        table.xLock = { file, level in SQLiteOpenFile.at(file)?.lock(level) ?? SQLITE_IOERR }
        table.xUnlock = { file, level in
            SQLiteOpenFile.at(file)?.unlock(to: level)
            return SQLITE_OK
        }
        table.xCheckReservedLock = { file, result in
            result?.pointee = SQLiteOpenFile.at(file)?.isReserved ?? false ? 1 : 0
            return SQLITE_OK
        }
    }

    private static func addIndex(to table: inout sqlite3_io_methods) {
        table.xShmMap = { file, number, size, makes, region in
            guard let file = SQLiteOpenFile.at(file) else { return SQLITE_IOERR }
            region?.pointee = file.region(Int(number), size: Int(size), makes: makes != 0)
            guard region?.pointee != nil || makes == 0 else { return SQLITE_IOERR | (19 << 8) }
            return SQLITE_OK
        }
        table.xShmLock = { file, start, count, flags in
            SQLiteOpenFile.at(file)?.lockIndex(Int(start)..<Int(start + count), flags) ?? SQLITE_IOERR
        }
        table.xShmBarrier = { _ in atomicMemoryFence(ordering: .sequentiallyConsistent) }
        table.xShmUnmap = { file, _ in
            SQLiteOpenFile.at(file)?.leaveIndex()
            return SQLITE_OK
        }
    }
}
