import Testing
import Transport

/// Says when a request has come, and answers when it may.
private struct GatedHandler: HTTPHandler {
    let arrived: AsyncStream<Void>.Continuation
    let gate: AsyncStream<Void>

    func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        arrived.yield()
        for await _ in gate { break }
        return HTTPResponse(.ok, text: Task.isCancelled ? "cut off" : "done")
    }
}

@Suite struct HTTPDrainTests {
    @Test("at shutdown a request under way is finished and told to close, and idle connections close")
    func finishes() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withServer(GatedHandler(arrived: arrived, gate: gate)) { listener, group in
            let idle = try await Connection.connect(to: listener.localAddress, on: group.next())
            let busy = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await busy.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            for await _ in arrivals { break }
            async let shutdown: Void = listener.shutdown(within: .seconds(60))
            #expect(try await idle.readAll().isEmpty)
            open.yield()
            let answer = try await busy.readAll()
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix("done"))
            await shutdown
            await #expect(throws: TransportError.self) {
                try await Connection.connect(to: listener.localAddress, on: group.next())
            }
        }
    }

    @Test("a request that is not done in time is cut off")
    func cutsOff() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let (gate, open) = AsyncStream<Void>.makeStream()
        try await withServer(GatedHandler(arrived: arrived, gate: gate)) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            for await _ in arrivals { break }
            await listener.shutdown(within: .milliseconds(20))
            #expect(listener.connectionCount == 0)
            let answer = try? await connection.readAll()
            #expect(answer?.contains("done") != true)
        }
        open.finish()
    }
}
