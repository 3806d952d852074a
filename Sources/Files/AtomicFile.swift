import Glibc

/// A file that appears under its name whole, or not at all.
///
/// The bytes go to a temporary file in the same folder (`.name.XXXXXX.tmp`). ``commit()`` makes them durable, gives the
/// file its name and makes the name durable: after it returns, a power cut changes nothing. Without a commit the
/// temporary file is removed.
public struct AtomicFile: ~Copyable {
    private let path: FilePath
    private let temporary: FilePath
    private let descriptor: Descriptor
    private let files: FileSystem
    private var isCommitted = false

    /// Creates the temporary file; its folder must exist.
    ///
    /// - Throws: ``FileError`` when the folder is missing or may not be written to.
    public init(
        _ path: FilePath, readableByAll: Bool = false, files: FileSystem = .posix
    ) throws(FileError) {
        let suffix = String(files.calls.uniqueNumber(), radix: 36)
        self.path = path
        self.files = files
        temporary = path.folder.appending(".\(path.name).\(suffix).tmp")
        descriptor = try Descriptor(
            temporary, flags: O_WRONLY | O_CREAT | O_EXCL, mode: readableByAll ? 0o644 : 0o600, operation: .create,
            files: files)
    }

    deinit {
        // Nobody is left to be told; what stays is swept as any `.tmp` file.
        if !isCommitted { try? files.calls.remove(temporary) }
    }

    /// Adds bytes at the end.
    public mutating func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        let bytes = Array(bytes)
        try descriptor.write(bytes.span.bytes)
    }

    /// Makes the content durable and gives it its name; an older file of that name is replaced.
    ///
    /// - Throws: ``FileError``; when the disk is full the older file is untouched.
    public consuming func commit() throws(FileError) {
        let path = path
        try commit(as: path)
    }

    /// Makes the content durable and gives it another name than was said at first, in a folder of the same disk.
    ///
    /// - Throws: As ``commit()``.
    public consuming func commit(as path: FilePath) throws(FileError) {
        try descriptor.synchronize()
        let from = temporary
        try files.call(.rename, path) { calls throws(ErrorNumber) in try calls.rename(from, to: path) }
        isCommitted = true
        try files.synchronizeFolder(path.folder)
    }
}
