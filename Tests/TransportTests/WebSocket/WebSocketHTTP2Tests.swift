import Testing
import Transport

/// WebSockets over streams of HTTP/2 (RFC 8441); the handlers are those of the tests over HTTP/1.1.
@Suite struct WebSocketHTTP2Tests {
    /// The head of an extended CONNECT.
    static func connect(_ stream: UInt32 = 1, _ more: [(String, String)] = []) -> HTTP2Frame {
        let fields = [("sec-websocket-version", "13")] + more
        return .headers(
            stream, HPACK.field(":protocol", "websocket") + HPACK.request("CONNECT", more: fields),
            flags: HTTP2Frame.endHeaders)
    }

    @Test(
        "frames mean the same as over HTTP/1.1, however they are cut into those of HTTP/2",
        arguments: WebSocketFrameTests.messages + WebSocketFrameTests.violations, [1, 7, 16_384])
    func cases(_ example: FrameCase, _ size: Int) async throws {
        try await withHTTP2(WebSocketHandler.echo(WebSocketFrameTests.small)) { client in
            try await client.send(Self.connect())
            try await client.read { $0.kind == .headers }
            #expect(client.status() == "200")
            let bytes = example.bytes
            let frames = stride(from: 0, to: bytes.count, by: size).map { start in
                HTTP2Frame.data(1, Array(bytes[start..<min(start + size, bytes.count)]))
            }
            try await client.send(frames)
            try await client.finish(1)
            #expect(RawFrame.describe(client.body()) == example.answer)
            #expect(client.goAway == nil)
        }
    }

    @Test("the answer has none of HTTP/1.1's fields, and the subprotocol and compression that were agreed on")
    func head() async throws {
        var handler = WebSocketHandler.echo(WebSocketConfiguration(compression: WebSocketCompression(threshold: 1)))
        handler.protocols = ["chat"]
        try await withHTTP2(handler) { client in
            let more = [
                ("sec-websocket-protocol", "other, chat"), ("sec-websocket-extensions", "permessage-deflate"),
                ("origin", "http://x"),
            ]
            try await client.send(Self.connect(1, more))
            try await client.read { $0.kind == .headers }
            let head = try #require(client.fields[1]?.first)
            #expect(head[":status"] == "200")
            #expect(head["sec-websocket-protocol"] == "chat")
            #expect(head["sec-websocket-extensions"]?.hasPrefix("permessage-deflate") == true)
            for name in ["upgrade", "connection", "sec-websocket-accept", "content-length"] {
                #expect(head[name] == nil, "\(name)")
            }
        }
    }

    @Test("refusals are those of HTTP/1.1", arguments: [([("origin", "https://evil.example")], "403")])
    func refusals(_ more: [(String, String)], _ status: String) async throws {
        try await withHTTP2(WebSocketHandler { _ in }) { client in
            try await client.send(Self.connect(1, more))
            try await client.finish(1)
            #expect(client.status() == status)
            let old = HPACK.field(":protocol", "websocket") + HPACK.request("CONNECT")
            try await client.send(.headers(3, old, flags: HTTP2Frame.endHeaders))
            try await client.finish(3)
            #expect(client.status(3) == "426")
        }
    }

    @Test("WebSockets and requests share a connection, and the end of one stream is not that of others")
    func shared() async throws {
        try await withHTTP2(WebSocketHandler.echo(WebSocketFrameTests.small)) { client in
            for stream in [1, 3, 5] as [UInt32] { try await client.send(Self.connect(stream)) }
            try await client.send(HTTP2Frame(.reset, on: 3, [0, 0, 0, 8]))
            for stream in [1, 5] as [UInt32] {
                try await client.send(.data(stream, RawFrame.text("on \(stream)").bytes + RawFrame.end.bytes))
            }
            try await client.send(.get(7))
            try await client.finish(1, 5, 7)
            #expect(RawFrame.describe(client.body(1)) == ["text on 1", "close 1000"])
            #expect(RawFrame.describe(client.body(5)) == ["text on 5", "close 1000"])
            #expect(client.status(7) == "426")
        }
    }

    @Test("a message larger than the client's window waits for credit")
    func window() async throws {
        let size = 65_000
        try await withHTTP2(WebSocketHandler.echo(WebSocketFrameTests.small), settings: .settings((4, 10))) { client in
            try await client.send(Self.connect())
            let bytes = RawFrame.text(String(repeating: "*", count: size)).bytes
            let frames = stride(from: 0, to: bytes.count, by: 16_384).map { start in
                HTTP2Frame.data(1, Array(bytes[start..<min(start + 16_384, bytes.count)]))
            }
            try await client.send(frames)
            #expect(try await client.settle())
            #expect(client.body().count == 10)
            try await client.send(.window(1, 100_000), .data(1, RawFrame.end.bytes))
            try await client.finish(1)
            let answer = RawFrame.describe(client.body())
            #expect(answer == ["text " + String(repeating: "*", count: size), "close 1000"])
        }
    }

    @Test("a stream that the client resets is lost for the handler, and the connection goes on")
    func reset() async throws {
        let (ends, end) = AsyncStream<String>.makeStream()
        let handler = WebSocketHandler { socket in
            do {
                _ = try await socket.receive()
            } catch {
                end.yield("\(error)")
            }
        }
        try await withHTTP2(handler) { client in
            try await client.send(Self.connect())
            try await client.read { $0.kind == .headers }
            try await client.send(HTTP2Frame(.reset, on: 1, [0, 0, 0, 8]))
            for await text in ends {
                #expect(text.hasPrefix("the connection of the WebSocket broke"))
                break
            }
            #expect(try await client.settle())
        }
    }
}
