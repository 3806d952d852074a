public import Messages

/// How an event is written as one line.
public enum LogFormat: String, Sendable, CaseIterable {
    /// For people and `grep`: `level time event key=value`.
    case text
    /// For machines: an object with the members `time`, `level`, `event` and `fields`.
    case json

    /// The most bytes of a value that are written; the rest is left out and counted.
    public static let maximumValueLength = 4_096

    /// Returns the event as one line of UTF-8 with its line feed.
    ///
    /// Whatever the facts contain, it stays one line: control characters are escaped.
    public func line(for event: LogEvent, at time: Timestamp, usesColour: Bool = false) -> [UInt8] {
        switch self {
        case .text: textLine(event, time, usesColour)
        case .json: jsonLine(event, time)
        }
    }

    private func textLine(_ event: LogEvent, _ time: Timestamp, _ usesColour: Bool) -> [UInt8] {
        var line = usesColour ? event.level.coloured : event.level.rawValue
        line += " \(time) "
        line += LogText.escaped(event.name)
        for field in event.fields {
            line += " \(LogText.name(field.name))="
            line += LogText.value(LogText.shortened(field.value, to: Self.maximumValueLength))
        }
        return Array(line.utf8) + [UInt8(ascii: "\n")]
    }

    private func jsonLine(_ event: LogEvent, _ time: Timestamp) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("time")
        writer.string(time.description)
        writer.name("level")
        writer.string(event.level.rawValue)
        writer.name("event")
        writer.string(event.name)
        writer.name("fields")
        writer.beginObject()
        for field in event.fields {
            writer.name(field.name)
            writer.string(LogText.shortened(field.value, to: Self.maximumValueLength))
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

extension LogLevel {
    /// The level's name in its colour (ECMA-48 SGR).
    fileprivate var coloured: String {
        let code =
            switch self {
            case .debug: 2
            case .info: 32
            case .warning: 33
            case .error: 31
            }
        return "\u{1B}[\(code)m\(rawValue)\u{1B}[0m"
    }
}
