public import Messages
import Synchronization

/// Writes events as lines to an output, each with the time.
public final class LogWriter: LogSink {
    private let format: LogFormat
    private let output: any LogOutput
    private let time: @Sendable () -> Timestamp
    private let lost = Mutex(0)

    /// Creates a writer; `time` is the clock that lines are stamped with.
    public init(format: LogFormat, output: any LogOutput, time: @escaping @Sendable () -> Timestamp) {
        self.format = format
        self.output = output
        self.time = time
    }

    /// Writes the event as one line.
    ///
    /// A line that the output does not take is lost and counted; the first line after it tells how many.
    public func write(_ event: LogEvent) {
        let missing = lost.withLock { count in
            defer { count = 0 }
            return count
        }
        if missing > 0, !put(Self.notice(of: missing)) {
            lost.withLock { $0 += missing }
        }
        if !put(event) { lost.withLock { $0 += 1 } }
    }

    private func put(_ event: LogEvent) -> Bool {
        output.write(format.line(for: event, at: time(), usesColour: output.usesColour))
    }

    private static func notice(of count: Int) -> LogEvent {
        LogEvent(level: .warning, name: "log lines lost", fields: [LogField(name: "count", value: "\(count)")])
    }
}
