import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct HTTP2BodyTests {
    @Test("a body over the limit is answered with 413, and the rest of it not wanted", arguments: [true, false])
    func tooLarge(_ isAnnounced: Bool) async throws {
        try await withHTTP2(HTTP2Handler(limit: 10), HTTPServerConfiguration(lingerTime: .milliseconds(50))) { client in
            let fields = isAnnounced ? [("content-length", "11")] : []
            try await client.send(.post(1, "/", fields))
            if !isAnnounced { try await client.send(.data("0123456789x")) }
            try await client.read { $0.kind == .reset }
            #expect(client.status() == "413")
            #expect(client.resets[1] == .noError)
            #expect(try await client.settle())
        }
    }

    @Test("a client that waits for it is asked for the body, and not when the answer is no", arguments: [3, 30])
    func expectation(_ length: Int) async throws {
        try await withHTTP2(HTTP2Handler(limit: 10)) { client in
            try await client.send(.post(1, "/", [("expect", "100-continue"), ("content-length", "\(length)")]))
            let first = try await client.read { $0.kind == .headers }
            #expect(client.status() == (length == 3 ? "100" : "413"))
            #expect(first?.endsStream == false)
            if length == 3 {
                try await client.send(.data("abc", ends: true))
                try await client.finish(1)
                #expect(client.status() == "200")
            }
        }
    }

    @Test("a streamed body is read piece by piece while it comes, with its trailer")
    func streamed() async throws {
        let handler = HTTP2Handler(respond: { request in
            var pieces: [String] = []
            while let piece = try? await request.bodyReader?.next() {
                pieces.append(String(decoding: piece, as: UTF8.self))
            }
            let sum = request.bodyReader?.trailers["x-sum"] ?? "-"
            return HTTPResponse(.ok, text: pieces.joined() + " " + sum)
        })
        try await withHTTP2(handler) { client in
            try await client.send(.post(1, "/stream"), .data("ab"))
            #expect(try await client.settle())
            try await client.send(
                .data("cd"), .headers(HPACK.block([("x-sum", "4"), ("content-type", "text/html")])))
            try await client.finish(1)
            #expect(client.text() == "abcd 4")
        }
    }

    @Test("a client gets credit for what was read, and for no more")
    func credit() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let handler = HTTP2Handler(respond: { request in
            for await _ in gate { break }
            var count = 0
            while let piece = try? await request.bodyReader?.next() { count += piece.count }
            return HTTPResponse(.ok, text: "\(count)")
        })
        try await withHTTP2(handler) { client in
            try await client.send([.post(1, "/stream")] + Self.filler(65_535))
            #expect(try await client.settle())
            #expect(!client.frames.contains { $0.kind == .windowUpdate && $0.stream == 1 })
            open.yield()
            try await client.read { $0.kind == .windowUpdate && $0.stream == 1 }
            try await client.send(.data("x", ends: true))
            try await client.finish(1)
            #expect(client.text() == "65536")
        }
    }

    @Test("a streamed body that the client gives up, or makes too large, fails", arguments: [true, false])
    func failures(_ isTooLarge: Bool) async throws {
        let (ends, end) = AsyncStream<HTTPBodyError>.makeStream()
        let handler = HTTP2Handler(
            limit: 5,
            respond: { request in
                do throws(HTTPBodyError) {
                    while try await request.bodyReader?.next() != nil {}
                } catch {
                    end.yield(error)
                }
                return HTTPResponse(.contentTooLarge)
            })
        try await withHTTP2(handler) { client in
            try await client.send(.post(1, "/stream"))
            #expect(try await client.settle())
            try await client.send(isTooLarge ? .data("123456") : .reset())
            for await error in ends {
                #expect(error == (isTooLarge ? .tooLarge(limit: 5) : .lost))
                break
            }
            #expect(try await client.settle())
        }
    }

    @Test("many bodies that nobody waits for do not use the connection's credit up")
    func refund() async throws {
        try await withHTTP2 { client in
            for stream in stride(from: UInt32(1), to: 41, by: 2) {
                try await client.send([.post(stream, "/stream/unread")] + Self.filler(60_000, stream))
                try await client.finish(stream)
            }
            // 1.2 MB, with credit for 1 MiB at the start.
            #expect(try await client.settle())
            #expect(client.goAway == nil)
        }
    }

    static func filler(_ count: Int, _ stream: UInt32 = 1) -> [HTTP2Frame] {
        stride(from: 0, to: count, by: 16_384).map { start in
            .data(stream, [UInt8](repeating: 120, count: min(16_384, count - start)))
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct HTTP2StreamingTests {
    @Test("a response's body comes as it is written, with its trailer")
    func streams() async throws {
        let handler = HTTP2Handler(respond: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write("one ")
                    try await writer.write("two")
                    writer.setTrailers(["X-Sum": "7", "Connection": "close"])
                })
        })
        try await withHTTP2(handler) { client in
            try await client.send(.get())
            try await client.finish(1)
            #expect(client.text() == "one two")
            #expect(client.fields[1]?.last == ["x-sum": "7"])
            #expect(client.fields[1]?.first?["content-length"] == nil)
        }
    }

    @Test("a body that fails resets its stream alone")
    func fails() async throws {
        struct Fault: Error {}
        let handler = HTTP2Handler(respond: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write("text")
                    throw Fault()
                })
        })
        try await withHTTP2(handler) { client in
            try await client.send(.get())
            try await client.finish(1)
            #expect(client.resets[1] == .internalError)
            #expect(try await client.settle())
        }
    }

    @Test("a body that waits for events is cancelled when its stream is given up, and no other")
    func cancelled() async throws {
        let (ends, end) = AsyncStream<String>.makeStream()
        let handler = HTTP2Handler(respond: { request in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write("event")
                    let (never, _) = AsyncStream<Void>.makeStream()
                    for await _ in never {}
                    end.yield(request.path)
                })
        })
        try await withHTTP2(handler) { client in
            try await client.send(.get(1, "/one"), .get(3, "/three"))
            try await client.read { $0.kind == .data && $0.stream == 3 }
            try await client.send(.reset(1))
            for await path in ends {
                #expect(path == "/one")
                break
            }
            client.connection.close()
            for await path in ends {
                #expect(path == "/three")
                break
            }
        }
    }

    @Test("a client that gives no credit slows the writer down, and gets everything")
    func backpressure() async throws {
        let written = Counter()
        let handler = HTTP2Handler(respond: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    for _ in 0..<64 {
                        try await writer.write([UInt8](repeating: 120, count: 16_384))
                        written.add()
                    }
                })
        })
        try await withHTTP2(handler) { client in
            try await client.send(.window(0, 2_000_000), .get())
            #expect(try await client.settle())
            // 64 KiB went out, and as many wait.
            #expect(client.body().count == 65_535)
            #expect(written.count <= 9)
            try await client.send(.window(1, 2_000_000))
            try await client.finish(1)
            #expect(client.body().count == 64 * 16_384)
        }
    }

    @Test("two large bodies on one connection")
    func shares() async throws {
        let handler = HTTP2Handler(respond: { _ in
            HTTPResponse(.ok, type: "text/plain", body: [UInt8](repeating: 120, count: 1_000_000))
        })
        try await withHTTP2(handler, settings: .settings((4, 2_000_000))) { client in
            try await client.send(.window(0, 4_000_000), .get(1), .get(3))
            try await client.finish(1, 3)
            #expect(client.body(1).count == 1_000_000 && client.body(3).count == 1_000_000)
        }
    }
}
