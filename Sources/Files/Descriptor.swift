import Glibc

/// An open file; closed when it goes out of scope.
struct Descriptor: ~Copyable {
    private let number: CInt
    private let path: FilePath
    private let files: FileSystem

    /// Opens a file; a new one may be read and written by the user alone unless the mode says more.
    init(
        _ path: FilePath, flags: CInt, mode: UInt32 = 0o600, operation: FileOperation = .open, files: FileSystem
    ) throws(FileError) {
        self.number = try files.call(operation, path) { calls throws(ErrorNumber) in
            try calls.open(path, flags: flags, mode: mode)
        }
        self.path = path
        self.files = files
    }

    deinit {
        files.calls.close(number)
    }

    /// Reads at most this many bytes from where the last read ended; none at the end.
    func read(upTo count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                filled = try files.call(.read, path) { calls throws(ErrorNumber) in
                    try calls.read(number, into: UnsafeMutableRawBufferPointer(buffer))
                }
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
            written += try files.call(.write, path) { calls throws(ErrorNumber) in
                try rest.withUnsafeBytes { bytes throws(ErrorNumber) in try calls.write(number, bytes) }
            }
        }
    }

    /// Returns when everything written is on the disk.
    func synchronize() throws(FileError) {
        try files.call(.synchronize, path) { calls throws(ErrorNumber) in try calls.synchronize(number) }
    }

    func info() throws(FileError) -> FileInfo {
        try files.call(.inspect, path) { calls throws(ErrorNumber) in try calls.info(number) }
    }

    /// Takes the file for this process alone, or fails at once when another has it.
    func lock() throws(FileError) {
        try files.call(.lock, path) { calls throws(ErrorNumber) in try calls.lock(number) }
    }
}
