/// Reads server-sent events piece by piece (HTML standard §9.2.6), as far as the router writes them.
struct EventReader {
    /// An event.
    struct Event: Sendable, Hashable {
        /// What to name as the last that was seen; empty when it says nothing of that.
        var id = ""
        /// What it is called.
        var name = ""
        /// Its data, the lines parted by line feeds.
        var data = ""
    }

    /// The most bytes of a line: no event of the router is that long.
    static let maximumLine = 1 << 20

    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false

    /// Takes some bytes and gives the events that they complete.
    ///
    /// - Throws: ``CommandError/input(_:)`` for a line without end.
    mutating func read(_ bytes: [UInt8]) throws(CommandError) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                guard line.count < Self.maximumLine else {
                    throw .input("the router sent a line of more than \(Self.maximumLine) bytes")
                }
                line.append(byte)
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else {
            defer {
                event = Event()
                hasData = false
            }
            return hasData ? event : nil
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "id": event.id = text
        case "event": event.name = text
        case "data":
            event.data += hasData ? "\n\(text)" : text
            hasData = true
        default: break
        }
        return nil
    }
}
