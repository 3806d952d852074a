import Glibc

/// Keeps other processes out of a folder: two routers on one spool would each think it theirs.
///
/// The lock ends with the value, or with the process, however that ends: no stale file is ever in the way.
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Takes the lock; the file is created when missing, and stays.
    ///
    /// - Throws: ``FileError`` with ``ErrorNumber/wouldBlock`` when another process has it.
    public init(_ path: FilePath, files: FileSystem = .posix) throws(FileError) {
        let descriptor = try Descriptor(path, flags: O_RDWR | O_CREAT, operation: .create, files: files)
        try descriptor.lock()
        self.descriptor = descriptor
    }
}
