import Glibc

/// What the operating system knows about a file without reading it.
public struct FileInfo: Sendable, Hashable {
    /// What a path leads to.
    public enum Kind: Sendable, Hashable {
        /// A regular file.
        case file
        /// A folder.
        case folder
        /// A device, a socket, a pipe.
        case other
    }

    /// What it is, symbolic links followed.
    public let kind: Kind
    /// Its size in bytes.
    public let size: Int
    /// When its content last changed: time since 1970-01-01T00:00:00Z, to the nanosecond.
    public let modified: Duration
    /// The file's number on its device; it changes when another file takes the name.
    public let number: UInt64

    /// Creates what a file system of one's own knows.
    public init(kind: Kind, size: Int, modified: Duration, number: UInt64) {
        self.kind = kind
        self.size = size
        self.modified = modified
        self.number = number
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            default: .other
            }
        size = Int(status.st_size)
        modified = .seconds(status.st_mtim.tv_sec) + .nanoseconds(status.st_mtim.tv_nsec)
        number = UInt64(status.st_ino)
    }
}
