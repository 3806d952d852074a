import Testing
import Transport

/// WebSockets over HTTP/2 (RFC 8441).
@Suite(.timeLimit(.minutes(1))) struct HTTP2WebSocketTests {
    private static func connect(_ stream: UInt32 = 1) -> HTTP2Frame {
        let fields = [("sec-websocket-version", "13"), ("origin", "http://x")]
        return .headers(
            stream, HPACK.field(":protocol", "websocket") + HPACK.request("CONNECT", more: fields),
            flags: HTTP2Frame.endHeaders)
    }

    @Test("a stream becomes a WebSocket, beside other requests, and closes by itself")
    func echo() async throws {
        try await withHTTP2(WebSocketHandler.echo(WebSocketConfiguration(compression: nil))) { client in
            try await client.send(Self.connect(), .data(RawFrame.text("hello").bytes))
            try await client.read { $0.kind == .data }
            #expect(client.status() == "200")
            #expect(
                client.fields[1]?[0].keys.contains { $0.hasPrefix("sec-websocket-accept") || $0 == "upgrade" } == false)
            #expect(
                RawFrame.describe(client.body())
                    == RawFrame.describe(Array("\u{81}\u{5}hello".unicodeScalars.map { UInt8($0.value) })))
            try await client.send(.get(3))
            try await client.finish(3)
            try await client.send(.data(1, RawFrame.close(1000).bytes, ends: true))
            try await client.finish(1)
            #expect(client.resets[1] == nil)
            #expect(try await client.settle())
        }
    }

    @Test("a stream that is given up ends its WebSocket, whose handler is cancelled")
    func reset() async throws {
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let handler = WebSocketHandler { socket in
            _ = try? await socket.receive()
            end.yield(true)
        }
        try await withHTTP2(handler) { client in
            try await client.send(Self.connect())
            #expect(try await client.settle())
            try await client.send(.reset())
            for await _ in ends { break }
            #expect(try await client.settle())
        }
    }

    @Test("who is refused gets his answer")
    func refused() async throws {
        try await withHTTP2(WebSocketHandler { _ in }) { client in
            let fields = [("sec-websocket-version", "13"), ("origin", "http://other")]
            try await client.send(
                .headers(
                    1, HPACK.field(":protocol", "websocket") + HPACK.request("CONNECT", more: fields),
                    flags: HTTP2Frame.endHeaders))
            try await client.finish(1)
            #expect(client.status() == "403")
        }
    }

    @Test("a client that gives no credit slows the sender down, and gets everything")
    func backpressure() async throws {
        let sent = Counter()
        let handler = WebSocketHandler { socket in
            for _ in 0..<40 {
                try await socket.send(.binary([UInt8](repeating: 1, count: 16_384)))
                sent.add()
            }
        }
        try await withHTTP2(handler) { client in
            try await client.send(.window(0, 2_000_000), Self.connect())
            #expect(try await client.settle())
            #expect(sent.count < 12)
            try await client.send(.window(1, 2_000_000))
            while client.body().count < 40 * 16_388 { guard try await client.next() != nil else { break } }
            #expect(client.body().count >= 40 * 16_388)
        }
    }

    @Test("a sender is held up by bytes that nobody reads")
    func credit() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let handler = WebSocketHandler { socket in
            for await _ in gate { break }
            while try await socket.receive() != nil {}
        }
        try await withHTTP2(handler) { client in
            let message = RawFrame.binary([UInt8](repeating: 1, count: 16_000)).bytes
            try await client.send([Self.connect()] + (0..<4).map { _ in .data(message) })
            #expect(try await client.settle())
            open.yield()
            while client.credit(1) < 32_000 { guard try await client.next() != nil else { break } }
            #expect(client.credit(1) >= 32_000)
            try await client.send(.data(1, RawFrame.close(1000).bytes, ends: true))
            try await client.finish(1)
        }
    }
}
