import Synchronization
import Transport

/// Answers every request with a WebSocket.
struct WebSocketHandler: HTTPHandler {
    var configuration = WebSocketConfiguration(closeTimeout: .seconds(2), compression: nil)
    var protocols: [String] = []
    var origins = WebSocketOrigins.same
    let run: @Sendable (WebSocket) async throws -> Void

    func bodyLimit(for head: HTTPRequestHead) -> Int { 100 }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        .webSocket(
            for: request, protocols: protocols, origins: origins, configuration: configuration, run: run)
    }

    /// Sends every message back.
    static func echo(_ configuration: WebSocketConfiguration) -> WebSocketHandler {
        WebSocketHandler(configuration: configuration) { socket in
            while let message = try await socket.receive() { try await socket.send(message) }
        }
    }
}

/// The handshake of RFC 6455 §1.3.
func handshake(_ more: String = "") -> String {
    "GET /chat HTTP/1.1\r\nHost: server.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(more)\r\n"
}

/// Opens a WebSocket by hand and returns the connection behind the handshake, and the answer to it.
func open(_ listener: Listener, _ group: EventLoopGroup, _ more: String = "") async throws -> (Connection, String) {
    let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
    try await connection.write(handshake(more))
    var head: [UInt8] = []
    while !head.ends(with: "\r\n\r\n") {
        guard let byte = try await connection.read(max: 1, timeout: .seconds(20)) else { break }
        head += byte
    }
    return (connection, String(decoding: head, as: UTF8.self))
}

extension [UInt8] {
    func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}

/// Sends the pieces to a server, one after the other, and returns what it answers up to the connection's end.
func talk(_ handler: WebSocketHandler, _ pieces: [[UInt8]], _ more: String = "") async throws -> [String] {
    let answer = Mutex<[UInt8]>([])
    try await withServer(handler) { listener, group in
        let (connection, _) = try await open(listener, group, more)
        for piece in pieces { try? await connection.write(piece) }
        while let bytes = try await connection.read(timeout: .seconds(20)) { answer.withLock { $0 += bytes } }
        connection.close()
    }
    return RawFrame.describe(answer.withLock { $0 })
}
