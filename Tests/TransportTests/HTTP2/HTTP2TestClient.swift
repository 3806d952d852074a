import Testing
import Transport

/// Talks HTTP/2 frame by frame, and breaks its rules where a test wants that.
final class HTTP2TestClient {
    let connection: Connection
    private let reader = HPACKReader()
    private var received: [UInt8] = []
    /// All that came so far, in its order.
    private(set) var frames: [HTTP2Frame] = []
    /// The fields of each stream: of the response, and of its trailer.
    private(set) var fields: [UInt32: [[String: String]]] = [:]
    private(set) var isClosed = false

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Connects, and begins with these settings.
    init(
        _ listener: Listener, _ group: EventLoopGroup, settings: HTTP2Frame = .settings(), preface: [UInt8] = preface
    ) async throws {
        connection = try await Connection.connect(to: listener.localAddress, on: group.next())
        try await connection.write(preface + settings.bytes)
    }

    func send(_ frames: HTTP2Frame...) async throws {
        try await send(frames)
    }

    func send(_ frames: [HTTP2Frame]) async throws {
        try await connection.write(frames.flatMap(\.bytes), timeout: .seconds(20))
    }

    /// The next frame, or nil at the connection's end.
    func next() async throws -> HTTP2Frame? {
        while true {
            if let frame = HTTP2Frame.take(from: &received) {
                note(frame)
                return frame
            }
            do {
                guard let bytes = try await connection.read(timeout: .seconds(20)) else { break }
                received += bytes
            } catch TransportError.system {
                // Reset by the server, which is an end too.
                break
            }
        }
        isClosed = true
        return nil
    }

    private func note(_ frame: HTTP2Frame) {
        frames.append(frame)
        guard frame.kind == .headers, let fields = reader.read(frame.payload) else { return }
        self.fields[frame.stream, default: []].append(fields)
    }

    /// Reads until such a frame comes; nil at the connection's end.
    @discardableResult
    func read(until isWanted: (HTTP2Frame) -> Bool) async throws -> HTTP2Frame? {
        while let frame = try await next() {
            if isWanted(frame) { return frame }
        }
        return nil
    }

    /// Reads on until the server has seen, and answered, all that was sent so far; false when the connection ended.
    func settle() async throws -> Bool {
        // Its answer to a PING overtakes others; the second one comes behind what the first round caused.
        for mark in ["settle-1", "settle-2"] {
            try? await send(.ping(mark))
            let answer = try await read { $0.kind == .ping && $0.isAck && $0.payload == Array(mark.utf8) }
            guard answer != nil else { return false }
        }
        return true
    }

    /// Reads to the end of the connection.
    func readAll() async throws {
        while try await next() != nil {}
    }

    /// Reads until the server has ended these streams, one way or the other.
    func finish(_ streams: UInt32...) async throws {
        for stream in streams where !hasEnded(stream) {
            try await read { $0.stream == stream && ($0.kind == .reset || Self.isEnd($0)) }
        }
    }
}

// MARK: - What came

extension HTTP2TestClient {
    private static func isEnd(_ frame: HTTP2Frame) -> Bool {
        frame.endsStream && (frame.kind == .data || frame.kind == .headers)
    }

    private func hasEnded(_ stream: UInt32) -> Bool {
        frames.contains { $0.stream == stream && ($0.kind == .reset || Self.isEnd($0)) }
    }

    func status(_ stream: UInt32 = 1) -> String? { fields[stream]?.last { $0[":status"] != nil }?[":status"] }

    func body(_ stream: UInt32 = 1) -> [UInt8] {
        frames.filter { $0.kind == .data && $0.stream == stream }.flatMap(\.payload)
    }

    func text(_ stream: UInt32 = 1) -> String { String(decoding: body(stream), as: UTF8.self) }

    /// How much credit a stream was given.
    func credit(_ stream: UInt32) -> UInt32 {
        frames.filter { $0.kind == .windowUpdate && $0.stream == stream }
            .reduce(0) { $0 + UInt32(bigEndianBytes: $1.payload) }
    }

    /// The code of the last GOAWAY.
    var goAway: UInt32? {
        frames.last { $0.kind == .goAway }.map { UInt32(bigEndianBytes: $0.payload[4..<8]) }
    }

    /// The codes that streams were reset with.
    var resets: [UInt32: UInt32] {
        var codes: [UInt32: UInt32] = [:]
        for frame in frames where frame.kind == .reset { codes[frame.stream] = UInt32(bigEndianBytes: frame.payload) }
        return codes
    }
}

/// Lends a server, and a client that has begun.
func withHTTP2(
    _ handler: any HTTPHandler = HTTP2Handler(), _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
    settings: HTTP2Frame = .settings(), _ body: @escaping (HTTP2TestClient) async throws -> Void
) async throws {
    try await withServer(handler, configuration) { listener, group in
        let client = try await HTTP2TestClient(listener, group, settings: settings)
        try await body(client)
        client.connection.close()
    }
}
