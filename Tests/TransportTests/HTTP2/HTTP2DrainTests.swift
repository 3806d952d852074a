import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct HTTP2DrainTests {
    @Test("at shutdown the client is told in two steps, and what has begun is finished")
    func finishes() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withServer(HTTP2Handler(gate: gate)) { listener, group in
            let client = try await HTTP2TestClient(listener, group)
            try await client.send(.get(1, "/wait"))
            #expect(try await client.settle())
            async let shutdown: Void = listener.shutdown(within: .seconds(60))
            let first = try await client.read { $0.kind == .goAway }
            #expect(first?.payload == UInt32(0x7FFF_FFFF).bigEndianBytes + UInt32.noError.bigEndianBytes)
            // On its way before the client knew.
            let question = try await client.read { $0.kind == .ping && !$0.isAck }
            try await client.send(.get(3), HTTP2Frame(.ping, flags: HTTP2Frame.ack, question?.payload ?? []), .get(5))
            let second = try await client.read { $0.kind == .goAway }
            #expect(second.map { UInt32(bigEndianBytes: $0.payload[..<4]) } ?? 0 >= 3)
            open.yield()
            try await client.readAll()
            await shutdown
            #expect(client.text(1) == "done" && client.status(3) == "200" && client.status(5) == nil)
        }
    }

    @Test("at shutdown a client that does not answer is not waited for")
    func silent() async throws {
        try await withServer(HTTP2Handler()) { listener, group in
            let client = try await HTTP2TestClient(listener, group)
            #expect(try await client.settle())
            await listener.shutdown(within: .seconds(60))
            try await client.readAll()
            #expect(client.goAway == .noError)
        }
    }

    @Test("a body that streams learns of the shutdown")
    func streams() async throws {
        let handler = HTTP2Handler(respond: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write("begun")
                    while !writer.isDraining { await Task.yield() }
                    try await writer.write(" ended")
                })
        })
        try await withServer(handler) { listener, group in
            let client = try await HTTP2TestClient(listener, group)
            try await client.send(.get())
            try await client.read { $0.kind == .data }
            async let shutdown: Void = listener.shutdown(within: .seconds(60))
            try await client.finish(1)
            #expect(client.text() == "begun ended")
            client.connection.close()
            await shutdown
        }
    }

    @Test("what is not done in time is cut off")
    func cutsOff() async throws {
        try await withServer(HTTP2Handler()) { listener, group in
            let client = try await HTTP2TestClient(listener, group)
            try await client.send(.get(1, "/wait"))
            #expect(try await client.settle())
            await listener.shutdown(within: .milliseconds(20))
            #expect(listener.connectionCount == 0)
            try await client.readAll()
            #expect(client.status(1) == nil)
        }
    }

    @Test("a client that says goodbye gets its answers first")
    func goodbye() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withHTTP2(HTTP2Handler(gate: gate)) { client in
            try await client.send(.get(1, "/wait"), .goAway())
            #expect(try await client.settle())
            open.yield()
            try await client.readAll()
            #expect(client.text() == "done")
        }
    }
}
