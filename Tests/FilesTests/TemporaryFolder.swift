import Files
import Glibc

/// Runs the body with a new empty folder and removes it, with all that is in it, afterwards.
func withFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let folder = FilePath(base).appending("postroad-\(UInt64.random(in: .min ... .max))")
    try FileSystem.posix.createFolder(folder)
    defer { removeTree(folder) }
    return try body(folder)
}

private func removeTree(_ path: FilePath) {
    let files = FileSystem.posix
    for name in (try? files.list(path)) ?? [] {
        removeTree(path.appending(name))
    }
    try? files.remove(path)
}

/// A disk that refuses one operation, on the paths that end as told.
func diskRefusing(_ operation: FileOperation, with reason: ErrorNumber, suffix: String = "") -> FileSystem {
    FileSystem { $0 == operation && $1.text.hasSuffix(suffix) ? reason : nil }
}
