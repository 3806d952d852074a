/// How much an event matters.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    /// Details for finding a fault.
    case debug
    /// What an operator wants to know.
    case info
    /// Something to look at soon.
    case warning
    /// A part of the router does not work.
    case error

    /// Tells whether the first level is less severe than the second.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.severity < right.severity
    }

    private var severity: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}
