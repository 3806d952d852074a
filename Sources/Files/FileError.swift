import Glibc

/// What was tried on a file.
public enum FileOperation: String, Sendable, Hashable, CaseIterable {
    /// Opening a file that exists.
    case open
    /// Creating a file or a temporary one next to it.
    case create
    /// Reading bytes.
    case read
    /// Writing bytes.
    case write
    /// Waiting until the bytes, or a folder's entries, are on the disk.
    case synchronize
    /// Giving a file its final name.
    case rename
    /// Asking for size and times.
    case inspect
    /// Creating a folder.
    case createFolder = "create the folder"
    /// Reading a folder's entries.
    case list
    /// Deleting a file or an empty folder.
    case remove
    /// Keeping other processes out.
    case lock
}

/// Why something could not be done with a file.
public enum FileError: Error, Sendable, Hashable {
    /// The operating system refused.
    case failed(operation: FileOperation, path: FilePath, reason: ErrorNumber)
    /// The file has more bytes than the caller takes.
    case tooLarge(path: FilePath, limit: Int)
    /// The file is no UTF-8 text.
    case notText(path: FilePath)
}

extension FileError {
    /// Why the operating system refused, if it did.
    public var reason: ErrorNumber? {
        if case .failed(_, _, let reason) = self { reason } else { nil }
    }

    /// Whether the disk has no room for more bytes.
    public var isFull: Bool { reason?.isFull ?? false }

    /// Whether there is no such file.
    public var isNotFound: Bool { reason == .notFound }
}

extension FileError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .failed(let operation, let path, let reason):
            "cannot \(operation.rawValue) \(path): \(reason)\(Self.advice(for: reason).map { "; \($0)" } ?? "")"
        case .tooLarge(let path, let limit):
            "cannot read \(path): it has more than \(limit) bytes; is it the right file?"
        case .notText(let path):
            "cannot read \(path): it is not UTF-8 text; save it as UTF-8"
        }
    }

    private static func advice(for reason: ErrorNumber) -> String? {
        switch reason.rawValue {
        case ENOENT: "check the path"
        case EACCES, EPERM: "check who owns it and its folders, and their permissions"
        case ENOSPC: "free some space on that file system"
        case EDQUOT: "raise the user's disk quota or free some space"
        case EROFS: "the file system is mounted read-only"
        case EIO: "the disk is failing; look at the system's log"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case ENOTDIR: "a part of the path is not a folder"
        case EISDIR: "it is a folder"
        case EINVAL: "check the path"
        case EWOULDBLOCK: "another process holds it; stop that one first"
        default: nil
        }
    }
}
