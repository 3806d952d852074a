public import Logging
import Synchronization

/// A sink that keeps events for a test to look at.
public final class LogRecorder: LogSink {
    private let recorded = Mutex<[LogEvent]>([])

    /// Creates an empty recorder.
    public init() {}

    /// Keeps the event.
    public func write(_ event: LogEvent) {
        recorded.withLock { $0.append(event) }
    }

    /// What was logged so far.
    public var events: [LogEvent] { recorded.withLock { $0 } }

    /// Everything that was logged, as text to search for what must not be there.
    public var text: String {
        events.map {
            "\($0.level.rawValue) \($0.name) " + $0.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        }
        .joined(separator: "\n")
    }
}
