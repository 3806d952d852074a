import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct HTTP2LimitTests {
    /// What a client may send without end, if nobody counts.
    struct Flood: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var first: [HTTP2Frame] = []
        let repeated: @Sendable (UInt32) -> [HTTP2Frame]
    }

    private static let unfinished = HTTP2Frame.headers(1, HPACK.request(), flags: 0)

    static let floods = [
        Flood(testDescription: "PING") { _ in [.ping()] },
        Flood(testDescription: "answers to no PING") { _ in [.ping(flags: HTTP2Frame.ack)] },
        Flood(testDescription: "SETTINGS") { _ in [.settings((4, 65_535))] },
        Flood(testDescription: "PRIORITY") { _ in [.priority(7)] },
        Flood(testDescription: "WINDOW_UPDATE") { _ in [.window(0, 1)] },
        Flood(testDescription: "unknown frames") { _ in [HTTP2Frame(type: 0xEE, [UInt8](repeating: 0, count: 100))] },
        Flood(testDescription: "empty DATA", first: [.post(1, "/wait")]) { _ in [.data("")] },
        Flood(testDescription: "rapid resets") { [.get(2 * $0 + 1, "/wait"), .reset(2 * $0 + 1)] },
        Flood(testDescription: "malformed requests") { [.headers(2 * $0 + 1, HPACK.request(path: ""))] },
        Flood(testDescription: "streams beyond the limit", first: [1, 3, 5, 7].map { .get($0, "/wait") }) {
            [.get(2 * $0 + 9)]
        },
        Flood(testDescription: "CONTINUATION", first: [unfinished]) { _ in
            [.continuation(HPACK.field("a", "b"), ends: false)]
        },
        Flood(testDescription: "empty CONTINUATION", first: [unfinished]) { _ in [.continuation([], ends: false)] },
        Flood(
            testDescription: "fields that a byte stands for",
            first: [
                .headers(
                    1, HPACK.request() + [0x40, 1, 0x61, 127, 0xA1, 0x1E] + [UInt8](repeating: 120, count: 4_000),
                    flags: 0)
            ]
        ) { _ in [.continuation([UInt8](repeating: 0xBE, count: 16_000), ends: false)] },
    ]

    @Test("a flood ends the connection", arguments: floods)
    func flood(_ flood: Flood) async throws {
        var configuration = HTTPServerConfiguration(lingerTime: .milliseconds(100))
        configuration.http2 = HTTP2Configuration(
            maximalStreams: 4, resetBurst: 50, resetRate: 0, controlBurst: 50, controlRate: 0)
        try await withHTTP2(HTTP2Handler(), configuration) { client in
            try await client.send(flood.first)
            for turn in 0..<100 {
                // The server may hang up in the middle.
                try? await client.send(flood.repeated(UInt32(turn)))
            }
            try await client.readAll()
            #expect(client.goAway == .enhanceYourCalm)
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct HTTP2TimeTests {
    /// All times short, so that the test need not wait.
    private static var hasty: HTTPServerConfiguration {
        HTTPServerConfiguration(
            headTimeout: .milliseconds(50), idleTimeout: .milliseconds(50), graceTime: .milliseconds(50),
            minimumRate: 1_000_000, lingerTime: .milliseconds(50))
    }

    @Test("a connection without requests is ended, whether it had some or not", arguments: [true, false])
    func idle(_ hasRequest: Bool) async throws {
        try await withHTTP2(HTTP2Handler(), Self.hasty) { client in
            if hasRequest { try await client.send(.get()) }
            try await client.readAll()
            #expect(client.goAway == .noError)
            #expect(client.status() == (hasRequest ? "200" : nil))
        }
    }

    @Test("a head that does not come to its end ends the connection")
    func head() async throws {
        try await withHTTP2(HTTP2Handler(), Self.hasty) { client in
            try await client.send(.get(1, "/wait"), .headers(3, HPACK.request(), flags: 0))
            try await client.readAll()
            #expect(client.goAway == .enhanceYourCalm)
        }
    }

    @Test("a body that comes too slowly is answered with 408")
    func body() async throws {
        try await withHTTP2(HTTP2Handler(), Self.hasty) { client in
            try await client.send(.post(1), .data("a"))
            try await client.finish(1)
            #expect(client.status() == "408")
        }
    }

    @Test("a streamed body that comes too slowly fails, but not while nobody reads it")
    func streamedBody() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let (ends, end) = AsyncStream<HTTPBodyError?>.makeStream()
        let handler = HTTP2Handler(respond: { request in
            for await _ in gate { break }
            do throws(HTTPBodyError) {
                while try await request.bodyReader?.next() != nil {}
                end.yield(nil)
            } catch {
                end.yield(error)
            }
            return HTTPResponse(.noContent)
        })
        try await withHTTP2(handler, Self.hasty) { client in
            try await client.send(.post(1, "/stream"), .data("a"), .post(3))
            // By the time this one is late, so would be the other.
            try await client.finish(3)
            #expect(client.status(3) == "408")
            open.yield()
            for await error in ends {
                #expect(error == .tooSlow)
                break
            }
        }
    }

    @Test("a client that takes nothing loses its stream", arguments: [true, false])
    func response(_ isStreamed: Bool) async throws {
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let handler = HTTP2Handler(respond: { _ in
            guard isStreamed else {
                end.yield(true)
                return HTTPResponse(.ok, type: "text/plain", body: [UInt8](repeating: 120, count: 200_000))
            }
            return HTTPResponse(
                .ok,
                body: .stream { writer in
                    defer { end.yield(Task.isCancelled) }
                    while true { try await writer.write([UInt8](repeating: 120, count: 16_384)) }
                })
        })
        try await withHTTP2(handler, Self.hasty) { client in
            try await client.send(.get())
            try await client.finish(1)
            #expect(client.resets[1] == .cancelled)
            #expect(client.body().count == 65_535)
            for await _ in ends { break }
        }
    }

    @Test("a client that takes a byte now and then is too slow")
    func dribble() async throws {
        let handler = HTTP2Handler(respond: { _ in HTTPResponse(.ok, text: "0123456789") })
        try await withHTTP2(handler, Self.hasty, settings: .settings((4, 0))) { client in
            try await client.send(.get())
            for _ in 0..<5 {
                try await client.send(.window(1, 1))
                try await client.read { $0.kind == .data || $0.kind == .reset }
            }
            try await client.finish(1)
            #expect(client.resets[1] == .cancelled)
        }
    }
}
