/// Writes structured events: what happened, and facts by name.
///
/// A message's body is never logged above ``LogLevel/debug``, and a secret never.
public struct Logger: Sendable {
    private let sink: any LogSink
    private let context: [LogField]
    /// The least severe level that is written.
    public let level: LogLevel

    /// Creates a logger that writes events of at least this level to the sink.
    public init(level: LogLevel = .info, sink: any LogSink) {
        self.sink = sink
        self.level = level
        self.context = []
    }

    private init(level: LogLevel, sink: any LogSink, context: [LogField]) {
        self.level = level
        self.sink = sink
        self.context = context
    }

    /// Returns a logger that adds these facts to every event: `logger.with(["mailbox": "work"])`.
    public func with(_ fields: KeyValuePairs<String, any CustomStringConvertible>) -> Logger {
        Logger(level: level, sink: sink, context: context + fields.map { LogField(name: $0, value: "\($1)") })
    }

    /// Writes an event that only somebody looking for a fault wants to see.
    public func debug(
        _ event: String, _ fields: @autoclosure () -> KeyValuePairs<String, any CustomStringConvertible> = [:]
    ) {
        write(.debug, event, fields)
    }

    /// Writes an event that an operator wants to see.
    public func info(
        _ event: String, _ fields: @autoclosure () -> KeyValuePairs<String, any CustomStringConvertible> = [:]
    ) {
        write(.info, event, fields)
    }

    /// Writes an event that somebody should look at soon; the router goes on.
    public func warning(
        _ event: String, _ fields: @autoclosure () -> KeyValuePairs<String, any CustomStringConvertible> = [:]
    ) {
        write(.warning, event, fields)
    }

    /// Writes an event that keeps a part of the router from working.
    public func error(
        _ event: String, _ fields: @autoclosure () -> KeyValuePairs<String, any CustomStringConvertible> = [:]
    ) {
        write(.error, event, fields)
    }

    private func write(
        _ level: LogLevel, _ event: String, _ fields: () -> KeyValuePairs<String, any CustomStringConvertible>
    ) {
        guard level >= self.level else { return }
        sink.write(
            LogEvent(level: level, name: event, fields: context + fields().map { LogField(name: $0, value: "\($1)") }))
    }
}
