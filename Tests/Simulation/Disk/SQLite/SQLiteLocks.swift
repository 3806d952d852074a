import CSQLite

/// What SQLite's connections hold of one database: the lock of the file, and the eight of a WAL database's index.
///
/// The rules are those of sqlite3_io_methods (`xLock`, `xShmLock`); connections are told apart by a number.
struct SQLiteLocks {
    private struct Slot {
        var readers: Set<Int> = []
        var writer: Int?
    }

    private var levels: [Int: Int32] = [:]
    private var slots = Array(repeating: Slot(), count: Int(SQLITE_SHM_NLOCK))

    /// Raises a connection's lock; `false` when another's is in the way.
    mutating func lock(_ connection: Int, _ level: Int32) -> Bool {
        guard level > levels[connection, default: SQLITE_LOCK_NONE] else { return true }
        let highest = levels.reduce(SQLITE_LOCK_NONE) { $1.key == connection ? $0 : max($0, $1.value) }
        switch level {
        case SQLITE_LOCK_SHARED:
            guard highest < SQLITE_LOCK_PENDING else { return false }
        case SQLITE_LOCK_EXCLUSIVE:
            guard highest < SQLITE_LOCK_RESERVED else { return false }
            guard highest == SQLITE_LOCK_NONE else {
                // Nobody new gets in while the writer waits for the readers to leave.
                levels[connection] = SQLITE_LOCK_PENDING
                return false
            }
        default:
            guard highest < SQLITE_LOCK_RESERVED else { return false }
        }
        levels[connection] = level
        return true
    }

    mutating func unlock(_ connection: Int, to level: Int32) {
        levels[connection] = level == SQLITE_LOCK_NONE ? nil : level
    }

    var isReserved: Bool { levels.contains { $0.value >= SQLITE_LOCK_RESERVED } }

    /// Takes slots of the index for reading or writing; `false` when another connection's hold is in the way.
    mutating func take(_ range: Range<Int>, exclusively: Bool, _ connection: Int) -> Bool {
        for slot in slots[range] {
            if let writer = slot.writer, writer != connection { return false }
            if exclusively, !slot.readers.subtracting([connection]).isEmpty { return false }
        }
        for index in range {
            if exclusively { slots[index].writer = connection } else { slots[index].readers.insert(connection) }
        }
        return true
    }

    mutating func release(_ range: Range<Int>, exclusively: Bool, _ connection: Int) {
        for index in range {
            if exclusively {
                if slots[index].writer == connection { slots[index].writer = nil }
            } else {
                slots[index].readers.remove(connection)
            }
        }
    }

    /// A connection goes, with all that it holds.
    mutating func leave(_ connection: Int) {
        levels[connection] = nil
        release(slots.indices, exclusively: true, connection)
        release(slots.indices, exclusively: false, connection)
    }
}
