import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct HTTPClientStreamTests {
    /// Sends pieces without end, and counts what the connection took.
    struct Fountain: HTTPHandler {
        let written = Counter()

        func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
        func respond(to request: HTTPRequest) async -> HTTPResponse {
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    while true {
                        try await writer.write([UInt8](repeating: 0x61, count: 65_536))
                        written.add()
                    }
                })
        }
    }

    @Test("a response comes while it is still being written, and returning early ends it")
    func early() async throws {
        try await withClient(Fountain()) { client, listener async throws in
            let count = try await client.stream(.to(listener)) { response, body async throws in
                #expect(response.status == .ok)
                var count = 0
                for try await piece in body where count < 1_000_000 {
                    count += piece.count
                    if count >= 1_000_000 { break }
                }
                return count
            }
            #expect(count >= 1_000_000)
            try await waitUntil { listener.connectionCount == 0 }
        }
    }

    @Test("a server is held back while nobody reads")
    func backpressure() async throws {
        let fountain = Fountain()
        try await withClient(fountain) { client, listener async throws in
            var request = HTTPClientRequest.to(listener)
            request.responseLimit = 1 << 30
            try await client.stream(request) { _, body async throws in
                _ = try await body.next()
                var before = -1
                // What fits into the sockets' buffers goes out, then nothing any more.
                try await waitUntil {
                    let now = fountain.written.count
                    defer { before = now }
                    try await Task.sleep(for: .milliseconds(100))
                    return now == before
                }
                #expect(fountain.written.count < 300)
                let held = fountain.written.count
                for _ in 0..<2000 where fountain.written.count <= held + 10 { _ = try await body.next() }
                #expect(fountain.written.count > held)
            }
        }
    }

    @Test("a body over its limit ends with an error after what was within it")
    func limit() async throws {
        try await withClient(Fountain()) { client, listener async throws in
            var request = HTTPClientRequest.to(listener)
            request.responseLimit = 500_000
            let small = request
            let count = Mutex(0)
            await #expect(
                throws: HTTPClientError.responseTooLarge(host: "\(listener.localAddress)", limit: 500_000, status: .ok)
            ) {
                try await client.stream(small) { _, body async throws in
                    for try await piece in body { count.withLock { $0 += piece.count } }
                }
            }
            #expect(count.withLock { $0 } <= 500_000)
        }
    }

    @Test("a cancelled task ends its stream, which waits for the head or the body", arguments: [true, false])
    func cancelled(hasHead: Bool) async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            if hasHead { try? await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") }
            arrived.yield()
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            let streaming = Task {
                try await client.stream(.to(listener)) { _, body async throws in
                    arrived.yield()
                    return try await body.next()
                }
            }
            var seen = 0
            for await _ in arrivals {
                seen += 1
                if seen == (hasHead ? 2 : 1) { break }
            }
            streaming.cancel()
            await #expect(throws: HTTPClientError.cancelled(requestWasSent: true)) { try await streaming.value }
            try await waitUntil { listener.connectionCount == 0 }
            client.shutdown()
        }
    }

    @Test("a stream is bounded in all, and in the time that nothing moves", arguments: [true, false])
    func deadlines(isIdle: Bool) async throws {
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            var request = HTTPClientRequest.to(listener)
            request.timeout = isIdle ? .seconds(60) : .milliseconds(80)
            request.idleTimeout = isIdle ? .milliseconds(80) : nil
            let bounded = request
            let host = "\(listener.localAddress)"
            for streams in [true, false] {
                await #expect(throws: HTTPClientError.timedOut(host: host, requestWasSent: true)) {
                    guard streams else { return _ = try await client.send(bounded) }
                    try await client.stream(bounded) { _, body async throws in
                        #expect(try await body.next() == Array("abc".utf8))
                        _ = try await body.next()
                    }
                }
            }
            client.shutdown()
        }
    }

    @Test("a reader that takes its time is not taken for a server that does not move")
    func slowReader() async throws {
        try await withClient(Fountain()) { client, listener async throws in
            var request = HTTPClientRequest.to(listener)
            request.idleTimeout = .milliseconds(200)
            request.responseLimit = 1 << 30
            try await client.stream(request) { _, body async throws in
                _ = try await body.next()
                try await Task.sleep(for: .milliseconds(700))
                for _ in 0..<100 { #expect(try await body.next() != nil) }
            }
        }
    }

    @Test("a brotli of a few bytes that grows without measure ends at the limit, collected or streamed")
    func bomb() async throws {
        struct Bomb: HTTPHandler {
            func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                HTTPResponse(.ok, headers: ["Content-Encoding": "br"], body: .bytes(Bombs.brotli))
            }
        }
        try await withClient(Bomb()) { client, listener async throws in
            var request = HTTPClientRequest.to(listener)
            request.responseLimit = 1_000_000
            let bounded = request
            let expected = HTTPClientError.responseTooLarge(
                host: "\(listener.localAddress)", limit: 1_000_000, status: .ok)
            await #expect(throws: expected) { try await client.send(bounded) }
            await #expect(throws: expected) {
                try await client.stream(bounded) { _, body in _ = try await body.collect() }
            }
            request.responseLimit = 1 << 30
            let patient = request
            let error = await #expect(throws: HTTPClientError.self) {
                // Nobody reads, so what decompresses is held.
                try await client.stream(patient) { _, body async throws in
                    try await waitUntil { listener.connectionCount == 0 }
                    _ = try await body.collect()
                }
            }
            guard case .responseTooLarge = error else { throw error ?? .invalidURL }
        }
    }
}
