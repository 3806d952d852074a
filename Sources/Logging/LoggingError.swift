import Glibc

/// Why there is no log.
public enum LoggingError: Error, Sendable, Hashable {
    /// The log file cannot be opened; `errno` is the system's reason.
    case cannotOpen(path: String, errno: CInt)
}

extension LoggingError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let errno):
            "cannot open the log file \(LogText.value(path)): \(String(cString: strerror(errno))); "
                + "choose another with --log-file, or let the router's user write there"
        }
    }
}
