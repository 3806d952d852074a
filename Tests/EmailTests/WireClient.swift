import Transport

/// A client of a mail listener on a real socket.
struct WireClient {
    private(set) var connection: any ByteStream
    /// The last lines of replies that came and were not asked for yet, and the piece of a line behind them.
    private var lines: [String] = []
    private var rest: [UInt8] = []

    init(_ address: SocketAddress, on loops: EventLoopGroup) async throws {
        connection = try await Connection.connect(to: address, on: loops.next())
    }

    /// Goes on under TLS.
    mutating func beginTLS(_ context: TLSClientContext) async throws {
        connection = try await context.connect(over: connection, serverName: "hq.example")
    }

    func send(_ text: String) async throws {
        try await connection.write(Array(text.utf8), timeout: .seconds(10))
    }

    /// Waits for this many replies and gives their last lines; fewer when the listener hangs up before.
    mutating func replies(_ count: Int) async throws -> [String] {
        while lines.count < count, let bytes = try await connection.read(max: 65_536, timeout: .seconds(10)) {
            rest += bytes
            while let feed = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[..<feed].filter { $0 != 0x0D }, as: UTF8.self)
                rest.removeFirst(feed + 1)
                if line.dropFirst(3).first == " " { lines.append(line) }
            }
        }
        defer { lines.removeFirst(min(count, lines.count)) }
        return Array(lines.prefix(count))
    }
}
