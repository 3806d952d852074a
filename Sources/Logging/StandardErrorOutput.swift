import Glibc
import Synchronization

/// Lines on standard error.
public final class StandardErrorOutput: LogOutput {
    private let descriptor: Mutex<LogDescriptor>
    /// Whether the lines are coloured: on a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    public let usesColour: Bool

    /// Creates the output; `environment` is where `NO_COLOR` (https://no-color.org) and `TERM` are looked up.
    public convenience init(environment: [String: String]) {
        self.init(descriptor: STDERR_FILENO, environment: environment)
    }

    /// Creates an output for any descriptor that stays open longer than it.
    init(descriptor number: CInt, environment: [String: String]) {
        let descriptor = LogDescriptor(borrowing: number)
        let isRefused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        usesColour = descriptor.isTerminal && !isRefused && environment["TERM"] != "dumb"
        self.descriptor = Mutex(descriptor)
    }

    /// Writes one line; a full pipe is waited for one second, then the line is lost.
    public func write(_ line: [UInt8]) -> Bool {
        descriptor.withLock { $0.write(line) }
    }
}
