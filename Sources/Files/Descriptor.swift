import Glibc

/// An open file; closed when it goes out of scope.
struct Descriptor: ~Copyable {
    private let number: CInt
    private let path: FilePath
    private let files: FileSystem

    /// Opens a file; a new one may be read and written by the user alone unless the mode says more.
    init(
        _ path: FilePath, flags: CInt, mode: mode_t = 0o600, operation: FileOperation = .open, files: FileSystem
    ) throws(FileError) {
        self.number = try files.call(operation, path) { Glibc.open($0, flags | O_CLOEXEC, mode) }
        self.path = path
        self.files = files
    }

    deinit {
        // What had to be on the disk was synchronized before; a failing close has nothing left to lose.
        close(number)
    }

    /// Reads at most this many bytes from where the last read ended; none at the end.
    func read(upTo count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                filled = try files.call(.read, path) { _ in Glibc.read(number, buffer.baseAddress, count) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all bytes where the last write ended.
    func write(_ bytes: borrowing RawSpan) throws(FileError) {
        var written = 0
        while written < bytes.byteCount {
            let rest = bytes.extracting(droppingFirst: written)
            written += try files.call(.write, path) { _ in
                rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            }
        }
    }

    /// Returns when everything written is on the disk.
    func synchronize() throws(FileError) {
        try files.call(.synchronize, path) { _ in fsync(number) }
    }

    func info() throws(FileError) -> FileInfo {
        var status = stat()
        try files.call(.inspect, path) { _ in fstat(number, &status) }
        return FileInfo(status)
    }

    /// Takes the file for this process alone, or fails at once when another has it.
    func lock() throws(FileError) {
        try files.call(.lock, path) { _ in flock(number, LOCK_EX | LOCK_NB) }
    }
}
