import Glibc

/// Why the operating system refused a call: `errno`.
public struct ErrorNumber: RawRepresentable, Error, Sendable, Hashable {
    /// The number, as in `<errno.h>`.
    public let rawValue: Int32

    /// Creates a reason from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The reason the last call of this thread left.
    static var last: ErrorNumber { ErrorNumber(rawValue: errno) }

    /// There is no such file or folder.
    public static let notFound = ErrorNumber(rawValue: ENOENT)
    /// The process may not do that.
    public static let notPermitted = ErrorNumber(rawValue: EACCES)
    /// There is something of that name already.
    public static let exists = ErrorNumber(rawValue: EEXIST)
    /// The file system has no space left.
    public static let noSpace = ErrorNumber(rawValue: ENOSPC)
    /// The user's share of the file system is used up.
    public static let quotaExceeded = ErrorNumber(rawValue: EDQUOT)
    /// The device failed.
    public static let inputOutput = ErrorNumber(rawValue: EIO)
    /// The text is no path.
    public static let invalid = ErrorNumber(rawValue: EINVAL)
    /// Somebody else holds it.
    public static let wouldBlock = ErrorNumber(rawValue: EWOULDBLOCK)

    /// Whether there is no room for more bytes.
    public var isFull: Bool { self == .noSpace || self == .quotaExceeded }

    /// The number's name, `ENOSPC`, or the number itself for a rare one.
    public var name: String {
        Self.names.first { $0.number == rawValue }?.name ?? "errno \(rawValue)"
    }

    /// The number's meaning: `No space left on device`.
    public var text: String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard strerror_r(rawValue, &buffer, buffer.count) == 0 else { return "unknown error" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Those that files bring about; the C library's own table is hidden from Swift.
    private static let names: [(number: Int32, name: String)] = [
        (EPERM, "EPERM"), (ENOENT, "ENOENT"), (EIO, "EIO"), (EBADF, "EBADF"), (ENOMEM, "ENOMEM"), (EACCES, "EACCES"),
        (EBUSY, "EBUSY"), (EEXIST, "EEXIST"), (EXDEV, "EXDEV"), (ENOTDIR, "ENOTDIR"), (EISDIR, "EISDIR"),
        (EINVAL, "EINVAL"), (ENFILE, "ENFILE"), (EMFILE, "EMFILE"), (EFBIG, "EFBIG"), (ENOSPC, "ENOSPC"),
        (EROFS, "EROFS"), (EAGAIN, "EAGAIN"), (ENAMETOOLONG, "ENAMETOOLONG"), (ENOTEMPTY, "ENOTEMPTY"),
        (ELOOP, "ELOOP"), (EDQUOT, "EDQUOT"),
    ]
}

extension ErrorNumber: CustomStringConvertible {
    /// The meaning and the name.
    public var description: String { "\(text) (\(name))" }
}
