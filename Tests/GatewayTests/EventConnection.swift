import Messages
import Testing
import Transport

/// Reads server-sent events of the control socket by a connection of its own.
actor EventConnection {
    struct Event: Sendable {
        var id = ""
        var name = ""
        var data: JSON = .null
    }

    private let connection: Connection
    private var text = ""

    init(to address: SocketAddress, on loop: EventLoop, after id: String?, filter: String = "") async throws {
        connection = try await Connection.connect(to: address, on: loop)
        let resume = id.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        try await connection.write(
            Array("GET /v1/events?filter=\(filter) HTTP/1.1\r\nHost: localhost\r\n\(resume)\r\n".utf8))
        while try await !line().hasPrefix("retry:") {}
    }

    /// The next event that is not only about where the stream stands.
    func next() async throws -> Event {
        while true {
            let event = try await nextOfAll()
            if event.name != "cursor" { return event }
        }
    }

    /// The next event of whatever kind.
    func nextOfAll() async throws -> Event {
        var event = Event()
        while true {
            let line = try await line()
            let value = String(line.drop { $0 != " " }.dropFirst())
            if line.hasPrefix("id:") { event.id = value }
            if line.hasPrefix("event:") { event.name = value }
            if line.hasPrefix("data:") {
                event.data = try JSON(parsing: value)
                return event
            }
        }
    }

    private func line() async throws -> String {
        while true {
            if let end = text.firstIndex(where: \.isNewline) {
                let line = String(text[..<end])
                text = String(text[text.index(after: end)...])
                return line
            }
            let bytes = try #require(try await connection.read(timeout: .seconds(20)), "the events have ended")
            text += String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension GatewayFixture {
    /// Watches the events of the exchange.
    func watch(after id: String? = nil, filter: String = "") async throws -> EventConnection {
        try await EventConnection(to: listeners[1].localAddress, on: loops.loops[0], after: id, filter: filter)
    }
}
