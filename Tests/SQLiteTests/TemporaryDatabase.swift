import Glibc
import SQLite

/// Runs the body with the path of a database that does not exist yet, and removes its files afterwards.
func withDatabasePath<Result>(_ body: (String) throws -> Result) rethrows -> Result {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = "\(base)/postroad-\(UInt64.random(in: .min ... .max)).db"
    defer {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }
    return try body(path)
}

/// Runs the body with a new database.
func withDatabase<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try withDatabasePath { try body(Database(path: $0, mode: .writer)) }
}

/// How many descriptors of this process lead to the file.
func openDescriptors(of path: String) -> Int {
    (0..<16_384).count { number in
        var target = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/fd/\(number)", &target, target.count)
        return count > 0 && String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) == path
    }
}
