import Testing
import Transport

@Suite struct WebSocketHandshakeTests {
    /// Asks with these header lines and returns the answer, up to the end of the connection.
    static func ask(
        _ request: String,
        _ handler: WebSocketHandler = WebSocketHandler(
            configuration: WebSocketConfiguration(closeTimeout: .milliseconds(20), compression: nil)
        ) { _ in }
    ) async throws -> String {
        try await exchange(request, handler)
    }

    static func request(_ changes: [String: String?], more: String = "") -> String {
        var fields = [
            ("Host", "server.example"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
        ]
        for (name, value) in changes {
            fields.removeAll { $0.0 == name }
            if let value { fields.append((name, value)) }
        }
        return "GET / HTTP/1.1\r\n" + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + more + "\r\n"
    }

    @Test("the example of RFC 6455 is answered as there")
    func example() async throws {
        let answer = try await Self.ask(Self.request([:]))
        #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(answer.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"))
        #expect(answer.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
        #expect(!answer.contains("Sec-WebSocket-Protocol"))
        #expect(!answer.contains("Sec-WebSocket-Extensions"))
        #expect(!answer.contains("Content-Length"))
        #expect(!answer.contains("chunked"))
    }

    @Test(
        "names and tokens of a handshake are read without regard to case, and lists as lists",
        arguments: [
            ["Upgrade": "WebSocket"], ["Connection": "keep-alive, UPGRADE"], ["Upgrade": "h2c, websocket"],
        ] as [[String: String?]])
    func lenient(_ changes: [String: String?]) async throws {
        #expect(try await Self.ask(Self.request(changes)).hasPrefix("HTTP/1.1 101 "))
    }

    @Test(
        "a handshake that is none is told which one is needed, on a connection that goes on",
        arguments: [
            ["Upgrade": nil], ["Upgrade": "h2c"], ["Connection": "keep-alive"], ["Connection": nil],
            ["Sec-WebSocket-Version": "8"], ["Sec-WebSocket-Version": nil], ["Sec-WebSocket-Version": "13, 8"],
        ] as [[String: String?]])
    func notOne(_ changes: [String: String?]) async throws {
        let again = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let answer = try await Self.ask(Self.request(changes) + again)
        #expect(answer.statuses == ["426", "426"])
        #expect(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"))
        #expect(answer.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"))
    }

    @Test(
        "a key that is not the base64 of 16 bytes is refused",
        arguments: [nil, "", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=!", "dGhlIHNhbXBsZSBub25jZTE="])
    func key(_ key: String?) async throws {
        let answer = try await Self.ask(Self.request(["Sec-WebSocket-Key": key, "Connection": "Upgrade, close"]))
        #expect(answer.statuses == ["400"])
    }

    @Test("a second key, a body, and extensions that cannot be read are refused")
    func malformed() async throws {
        let closing: [String: String?] = ["Connection": "Upgrade, close"]
        for more in [
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Sec-WebSocket-Extensions: a b\r\n",
            "Sec-WebSocket-Extensions: a; b=\"\r\n",
        ] {
            #expect(try await Self.ask(Self.request(closing, more: more)).statuses == ["400"])
        }
        let body = Self.request(closing, more: "Content-Length: 1\r\n") + "x"
        #expect(try await Self.ask(body).statuses == ["400"])
    }

    @Test("other methods and HTTP/1.0 open no WebSocket")
    func wrongRequest() async throws {
        let get = Self.request(["Connection": "Upgrade, close"])
        let post = try await Self.ask("POST" + get.dropFirst(3))
        #expect(post.statuses == ["405"])
        #expect(post.contains("\r\nAllow: GET\r\n"))
        let old = get.replacing("HTTP/1.1", with: "HTTP/1.0")
        #expect(try await Self.ask(old).statuses == ["426"])
    }

    @Test("of the client's subprotocols the first one that the server speaks is chosen")
    func subprotocol() async throws {
        let handler = WebSocketHandler(protocols: ["b", "c"]) { socket in
            try await socket.send(socket.subprotocol ?? "none")
        }
        let many = "Sec-WebSocket-Protocol: a, c\r\nSec-WebSocket-Protocol: b\r\n"
        #expect(try await talk(handler, [RawFrame.end.bytes], many).first == "text c")
        let answer = try await Self.ask(Self.request([:], more: many), handler)
        #expect(answer.contains("\r\nSec-WebSocket-Protocol: c\r\n"))
        let other = "Sec-WebSocket-Protocol: a\r\n"
        #expect(try await talk(handler, [RawFrame.end.bytes], other).first == "text none")
    }

    static let origins: [(WebSocketOrigins, String, String, Bool)] = [
        (.same, "https://server.example", "server.example", true),
        (.same, "http://server.example", "server.example:80", true),
        (.same, "https://server.example:443", "server.example", true),
        (.same, "https://SERVER.example", "server.Example", true),
        (.same, "http://server.example:8025", "server.example:8025", true),
        (.same, "http://server.example:8025", "server.example", false),
        (.same, "https://server.example.evil", "server.example", false),
        (.same, "https://evil.example", "server.example", false),
        (.same, "null", "server.example", false),
        (.same, "https://", "server.example", false),
        (.same, "file://server.example", "server.example", false),
        (.sameOr(["https://app.example"]), "https://app.example", "server.example", true),
        (.sameOr(["https://app.example"]), "http://app.example", "server.example", false),
        (.sameOr(["https://app.example"]), "https://server.example", "server.example", true),
        (.any, "https://evil.example", "server.example", true),
    ]

    @Test("a page of another origin is refused unless it is allowed", arguments: origins)
    func origin(_ policy: WebSocketOrigins, _ origin: String, _ host: String, _ isAllowed: Bool) async throws {
        let request = Self.request(["Host": host, "Origin": origin, "Connection": "Upgrade, close"])
        let answer = try await Self.ask(
            request,
            WebSocketHandler(configuration: WebSocketConfiguration(closeTimeout: .milliseconds(20)), origins: policy) {
                _ in
            })
        #expect(answer.statuses.first == (isAllowed ? "101" : "403"))
    }

    @Test("frames that came with the handshake are read")
    func sameBytes() async throws {
        try await withServer(WebSocketHandler.echo(WebSocketConfiguration(compression: nil))) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write(Array(handshake().utf8) + RawFrame.text("early").bytes + RawFrame.end.bytes)
            let answer = try await connection.readAll()
            #expect(answer.contains("\u{81}\u{5}early") || answer.hasSuffix("\u{5}early\u{FFFD}\u{2}\u{3}\u{FFFD}"))
        }
    }
}
