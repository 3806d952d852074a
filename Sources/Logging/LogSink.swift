/// Where events go.
public protocol LogSink: Sendable {
    /// Takes one event; must not block for long and must not fail.
    func write(_ event: LogEvent)
}
