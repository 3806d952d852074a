import Glibc

extension FileSystem {
    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: The file; a device or a pipe is read until it ends or passes the limit.
    ///   - limit: The most bytes that are taken.
    /// - Returns: The file's bytes.
    /// - Throws: ``FileError/tooLarge(path:limit:)`` beyond the limit, ``FileError/failed(operation:path:reason:)``.
    public func read(_ path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = try Descriptor(path, flags: O_RDONLY, files: self)
        let size = try descriptor.info().size
        guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
        // One byte more than expected, so that the usual file is read in one go and its end seen in the next.
        var bytes = try descriptor.read(upTo: size + 1)
        guard !bytes.isEmpty else { return bytes }
        while true {
            guard bytes.count <= limit else { throw .tooLarge(path: path, limit: limit) }
            let more = try descriptor.read(upTo: 64 * 1024)
            guard !more.isEmpty else { return bytes }
            bytes += more
        }
    }

    /// Reads a whole file of UTF-8 text; a byte order mark at its start is left out.
    ///
    /// - Throws: ``FileError/notText(path:)`` for other bytes, and what ``read(_:limit:)`` throws.
    public func readText(_ path: FilePath, limit: Int) throws(FileError) -> String {
        var bytes = try read(path, limit: limit)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(path: path) }
        return text
    }

    /// Replaces or creates a file, durably and at once: a reader sees the old content or the new one, never a part.
    ///
    /// - Parameters:
    ///   - bytes: The whole new content.
    ///   - path: The file, in a folder that exists.
    ///   - readableByAll: Whether others than the user may read it; secrets must not be.
    /// - Throws: ``FileError``; the older file is then untouched, except that a failure to make the new name durable
    ///   comes after the replacement.
    public func write(
        _ bytes: some Collection<UInt8>, to path: FilePath, readableByAll: Bool = false
    ) throws(FileError) {
        var file = try AtomicFile(path, readableByAll: readableByAll, files: self)
        try file.write(bytes)
        try file.commit()
    }

    /// Adds bytes at the end of a file, creates it when missing, and returns when they are on the disk.
    ///
    /// - Throws: ``FileError``; a part of the bytes may then have been added.
    public func append(_ bytes: some Collection<UInt8>, to path: FilePath) throws(FileError) {
        let bytes = Array(bytes)
        let descriptor = try Descriptor(path, flags: O_WRONLY | O_CREAT | O_APPEND, operation: .create, files: self)
        try descriptor.write(bytes.span.bytes)
        try descriptor.synchronize()
    }
}
