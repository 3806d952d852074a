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
