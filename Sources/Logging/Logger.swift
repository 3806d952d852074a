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

/// A fact of an event.
public struct LogField: Sendable, Hashable {
    /// The fact's name, one word in lower case.
    public let name: String
    /// The fact's value.
    public let value: String

    /// Creates a fact.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// One event on its way to a sink.
public struct LogEvent: Sendable, Hashable {
    /// How much it matters.
    public let level: LogLevel
    /// What happened, in a few words.
    public let name: String
    /// The facts, in the order they were given.
    public let fields: [LogField]

    /// Creates an event.
    public init(level: LogLevel, name: String, fields: [LogField]) {
        self.level = level
        self.name = name
        self.fields = fields
    }
}

/// Where events go.
public protocol LogSink: Sendable {
    /// Takes one event; must not block for long and must not fail.
    func write(_ event: LogEvent)
}
