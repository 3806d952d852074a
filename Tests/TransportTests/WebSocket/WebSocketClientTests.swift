import Synchronization
import Testing
import Transport

@Suite struct WebSocketClientTests {
    static let patient = WebSocketConfiguration(closeTimeout: .seconds(20))

    /// Lends a client and the address of a server.
    static func withClient(
        _ handler: any HTTPHandler, _ body: @escaping (HTTPClient, String) async throws -> Void
    ) async throws {
        try await withServer(handler) { listener, group in
            let client = HTTPClient(group: group)
            defer { client.shutdown() }
            try await body(client, "ws://\(listener.localAddress)")
        }
    }

    static func request(_ url: String, _ configuration: WebSocketConfiguration = patient) -> WebSocketRequest {
        WebSocketRequest(url, configuration: configuration, timeout: .seconds(20), privateAddresses: .allowed)
    }

    @Test(
        "messages of all sizes go both ways, compressed or not",
        arguments: [
            WebSocketCompression?.none, WebSocketCompression(threshold: 0),
            WebSocketCompression(threshold: 0, keepsContext: true),
        ], [0, 1, 125, 126, 65_535, 65_536, 700_000])
    func echo(_ compression: WebSocketCompression?, _ size: Int) async throws {
        let configuration = WebSocketConfiguration(closeTimeout: .seconds(20), compression: compression)
        try await Self.withClient(WebSocketHandler.echo(configuration)) { client, url in
            let text = String(repeating: "Grüße! ", count: size / 8)
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
            let answers = try await client.webSocket(Self.request(url, configuration)) { socket in
                var answers: [WebSocketMessage?] = []
                for message in [WebSocketMessage.text(text), .binary(bytes), .text(text)] {
                    try await socket.send(message)
                    answers.append(try await socket.receive())
                }
                return answers
            }
            #expect(answers == [.text(text), .binary(bytes), .text(text)])
        }
    }

    @Test("the server sees the path, the query, the header fields and the subprotocols that were asked for")
    func request() async throws {
        let seen = Mutex<HTTPRequest?>(nil)
        struct Handler: HTTPHandler {
            let note: @Sendable (HTTPRequest) -> Void
            func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                note(request)
                return .webSocket(for: request, protocols: ["two"]) { _ in }
            }
        }
        let handler = Handler { request in seen.withLock { $0 = request } }
        try await Self.withClient(handler) { client, url in
            var request = Self.request("\(url)/a%20b?ticket=1#part")
            request.headers = ["Authorization": "Bearer x", "Upgrade": "nonsense"]
            request.protocols = ["one", "two"]
            let chosen = try await client.webSocket(request) { $0.subprotocol }
            #expect(chosen == "two")
            let head = try #require(seen.withLock { $0 })
            #expect(head.target == "/a%20b?ticket=1")
            #expect(head.headers["authorization"] == "Bearer x")
            #expect(head.headers.values("upgrade") == ["websocket"])
            #expect(head.headers["sec-websocket-protocol"] == "one, two")
            #expect(head.headers["host"] == String(url.dropFirst(5)))
            #expect(head.headers["user-agent"] == "postroad")
        }
    }

    @Test("the end that the server makes is seen, and so is its reason")
    func serverCloses() async throws {
        let handler = WebSocketHandler(configuration: Self.patient) { socket in
            try await socket.send("last")
            await socket.close(.serviceRestart, reason: "new version")
        }
        try await Self.withClient(handler) { client, url in
            let close = try await client.webSocket(Self.request(url)) { socket in
                let (last, end) = (try await socket.receive(), try await socket.receive())
                #expect(last == .text("last"))
                #expect(end == nil)
                await #expect(throws: WebSocketError.self) { try await socket.send("late") }
                return socket.peerClose
            }
            #expect(close == WebSocketClose(.serviceRestart, reason: "new version"))
        }
    }

    @Test("a closure that returns closes with 1000, and one that throws with 1011, which is thrown on")
    func closureEnds() async throws {
        struct Fault: Error {}
        let (codes, code) = AsyncStream<UInt16>.makeStream()
        let handler = WebSocketHandler(configuration: Self.patient) { socket in
            let end = try await socket.receive()
            #expect(end == nil)
            code.yield(socket.peerClose?.code.rawValue ?? 0)
        }
        try await Self.withClient(handler) { client, url in
            try await client.webSocket(Self.request(url)) { _ in }
            await #expect(throws: Fault.self) { try await client.webSocket(Self.request(url)) { _ in throw Fault() } }
            var iterator = codes.makeAsyncIterator()
            #expect(await iterator.next() == 1000)
            #expect(await iterator.next() == 1011)
        }
    }

    @Test("cancelling the task ends what waits, and the connection")
    func cancels() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let handler = WebSocketHandler(configuration: Self.patient) { socket in
            defer { end.yield() }
            try await socket.send("hello")
            _ = try await socket.receive()
        }
        try await Self.withClient(handler) { client, url in
            let (greetings, greeting) = AsyncStream<Void>.makeStream()
            let task = Task {
                try await client.webSocket(Self.request(url)) { socket in
                    _ = try await socket.receive()
                    greeting.yield()
                    _ = try await socket.receive()
                }
            }
            for await _ in greetings { break }
            task.cancel()
            await #expect(throws: WebSocketError.cancelled) { try await task.value }
            for await _ in ends { break }
        }
    }

    @Test("a client that shuts down cuts its WebSockets")
    func clientStops() async throws {
        let handler = WebSocketHandler(configuration: Self.patient) { _ = try await $0.receive() }
        try await Self.withClient(handler) { client, url in
            try await client.webSocket(Self.request(url)) { socket in
                client.shutdown()
                await #expect(throws: WebSocketError.lost(.closed)) { try await socket.receive() }
            }
        }
    }

    @Test("addresses of this machine are refused unless they are allowed, and other schemes always")
    func refusals() async throws {
        try await Self.withClient(WebSocketHandler { _ in }) { client, url in
            var request = Self.request(url)
            request.privateAddresses = .refused
            await #expect(throws: WebSocketConnectError.http(.privateAddress(.v4(0x7F00_0001)))) {
                try await client.webSocket(request) { _ in }
            }
            for url in ["https://example.org", "example.org", "ftp://example.org", "ws://", ""] {
                await #expect(throws: WebSocketConnectError.http(.invalidURL)) {
                    try await client.webSocket(Self.request(url)) { _ in }
                }
            }
        }
    }

    @Test("a Unix socket can be connected to")
    func unixSocket() async throws {
        try await withFolder { folder in
            let address = SocketAddress.unix(path: "\(folder)/s")
            try await withServer(WebSocketHandler.echo(Self.patient), at: address) { _, group in
                let client = HTTPClient(group: group)
                defer { client.shutdown() }
                var request = Self.request("ws://router/")
                request.unixSocketPath = "\(folder)/s"
                let answer = try await client.webSocket(request) { socket in
                    try await socket.send("hello")
                    return try await socket.receive()
                }
                #expect(answer == .text("hello"))
            }
        }
    }
}
