import Glibc

/// A file that is read piece by piece.
public struct FileReader: ~Copyable {
    private let descriptor: Descriptor

    /// Opens a file.
    ///
    /// - Throws: ``FileError`` when it is missing or may not be read.
    public init(_ path: FilePath, files: FileSystem = .posix) throws(FileError) {
        descriptor = try Descriptor(path, flags: O_RDONLY, files: files)
    }

    /// Reads at most this many bytes from where the last read ended; none at the end.
    public func read(upTo count: Int) throws(FileError) -> [UInt8] {
        try descriptor.read(upTo: count)
    }
}
