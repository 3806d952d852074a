import Testing
import Transport

/// RFC 9113, section by section: what must end a connection, a stream, or nothing.
@Suite(.timeLimit(.minutes(1))) struct HTTP2ConformanceTests {
    @Test("§4.1, §4.2: frames", arguments: HTTP2FrameCases.format)
    func format(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§4.3: a block that cannot be decompressed ends the connection", arguments: HTTP2FrameCases.compression)
    func compression(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§5.1: a stream that was not begun", arguments: HTTP2StreamCases.idle)
    func idle(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§5.1: a stream whose request is whole", arguments: HTTP2StreamCases.halfClosed)
    func halfClosed(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§5.1: a stream that is over", arguments: HTTP2StreamCases.closed)
    func closed(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§5.1.1, §5.1.2, §5.3: the numbers of streams, and how many", arguments: HTTP2StreamCases.numbers)
    func numbers(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§6: frames have the length of their kind", arguments: HTTP2FrameCases.sizes)
    func sizes(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§6.5: settings", arguments: HTTP2FrameCases.settings)
    func settings(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§6.1–6.8, §6.10: frames stand where they may", arguments: HTTP2FrameCases.control)
    func control(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§6.9: credit", arguments: HTTP2FrameCases.windows)
    func windows(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§6.10: header blocks in pieces", arguments: HTTP2FrameCases.continuations)
    func continuations(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§8.2: fields", arguments: HTTP2RequestCases.fields)
    func fields(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§8.3: pseudo-header fields", arguments: HTTP2RequestCases.pseudo)
    func pseudo(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("what HTTP/1.1 refuses is refused", arguments: HTTP2RequestCases.refused)
    func refused(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§8.1: bodies, their lengths and trailers", arguments: HTTP2RequestCases.bodies)
    func bodies(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§8.5, RFC 8441: CONNECT", arguments: HTTP2RequestCases.tunnels)
    func tunnels(_ example: HTTP2Case) async throws { try await example.check() }

    @Test("§3.4: a connection begins with SETTINGS")
    func begins() async throws {
        try await withServer(HTTP2Handler()) { listener, group in
            let client = try await HTTP2TestClient(listener, group, settings: .ping())
            try await client.readAll()
            #expect(client.goAway == .protocolError)
        }
    }

    @Test("§6.5: settings are acknowledged, §6.7: a PING is answered with what it held")
    func answers() async throws {
        try await withHTTP2 { client in
            try await client.send(.ping("abcdefgh"))
            let answer = try await client.read { $0.kind == .ping }
            #expect(answer == HTTP2Frame(.ping, flags: HTTP2Frame.ack, Array("abcdefgh".utf8)))
            #expect(client.frames.contains { $0.kind == .settings && $0.isAck })
        }
    }
}
