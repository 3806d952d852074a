import Synchronization
import TestSupport
import Testing
import Transport

@Suite struct HTTPClientUploadTests {
    static func source(
        count: Int? = nil, pieces: Int = 100, size: Int = 1000, isReplayable: Bool = false
    ) -> HTTPUploadSource {
        HTTPUploadSource(count: count, isReplayable: isReplayable) { write in
            for _ in 0..<pieces { try await write([UInt8](repeating: 0x62, count: size)) }
        }
    }

    @Test("a body goes out as it is produced, of known length or in chunks", arguments: [100_000, nil])
    func streams(count: Int?) async throws {
        try await withClient(CountingHandler()) { client, listener async throws in
            for method in [HTTPMethod.post, .put] {
                var request = HTTPClientRequest.to(listener, method)
                request.bodySource = Self.source(count: count)
                #expect(try await client.send(request).text == "100000")
            }
        }
    }

    @Test("the framing is the client's, whatever fields the caller gives")
    func framing() async throws {
        try await withListener(serve: { connection in
            let text = try? await connection.readThrough("\r\n\r\nbbb")
            try? await connection.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\(text?.contains("Content-Length: 3\r\n") == true ? "ok" : "no")"
            )
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            var request = HTTPClientRequest.to(listener, .post)
            request.headers = ["Content-Length": "7", "Transfer-Encoding": "chunked"]
            request.bodySource = Self.source(count: 3, pieces: 1, size: 3)
            let response = try await client.send(request)
            #expect(response.text == "ok")
            client.shutdown()
        }
    }

    @Test("a producer is held back while the server takes nothing, and ends when its request does")
    func backpressure() async throws {
        let written = Counter()
        let ended = Counter()
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            var request = HTTPClientRequest.to(listener, .post)
            request.bodySource = HTTPUploadSource { write in
                defer { ended.add() }
                while true {
                    try await write([UInt8](repeating: 0x62, count: 65_536))
                    written.add()
                }
            }
            let endless = request
            let sending = Task { try await client.send(endless) }
            var before = -1
            try await waitUntil {
                let now = written.count
                defer { before = now }
                try await Task.sleep(for: .milliseconds(100))
                return now == before && now > 0
            }
            #expect(written.count < 300)
            sending.cancel()
            await #expect(throws: HTTPClientError.cancelled(requestWasSent: true)) { try await sending.value }
            #expect(ended.count == 1)
            client.shutdown()
        }
    }

    @Test("an answer before the body's end stops the producer")
    func early() async throws {
        let ended = Counter()
        try await withListener(serve: { connection in
            _ = try? await connection.read()
            try? await connection.write("HTTP/1.1 413 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await connection.waitForEnd()
        }) { listener, group in
            let client = HTTPClient(group: group)
            var request = HTTPClientRequest.to(listener, .post)
            request.bodySource = HTTPUploadSource { write in
                defer { ended.add() }
                try await write([0x62])
                try await Task.sleep(for: .seconds(3600))
            }
            let response = try await client.send(request)
            #expect(response.status.rawValue == 413)
            #expect(ended.count == 1)
            client.shutdown()
        }
    }

    struct Broken: Error, CustomStringConvertible {
        var description: String { "the file is gone" }
    }

    @Test("a body that fails, or is not as long as announced, ends the request with an error that says so")
    func failures() async throws {
        let failing = HTTPUploadSource { write in
            try await write([0x62])
            throw Broken()
        }
        let cases: [(HTTPUploadSource, String)] = [
            (failing, "the file is gone"),
            (Self.source(count: 100_001), "100001 bytes were announced, and only 100000 produced"),
            (Self.source(count: 99_999), "99999 bytes were announced, and more produced"),
        ]
        try await withClient(CountingHandler()) { client, listener async throws in
            for (source, detail) in cases {
                var request = HTTPClientRequest.to(listener, .post)
                request.bodySource = source
                let broken = request
                let error = await #expect(throws: HTTPClientError.self) { try await client.send(broken) }
                guard case .bodyFailed(_, detail, _) = error else { throw error ?? .invalidURL }
            }
        }
    }

    @Test("both directions stream at one time")
    func duplex() async throws {
        struct Mirror: HTTPHandler {
            func bodyLimit(for head: HTTPRequestHead) -> Int { 1 << 30 }
            func streamsBody(for head: HTTPRequestHead) -> Bool { true }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                let reader = request.bodyReader
                return HTTPResponse(
                    .ok,
                    body: .stream { writer in
                        while let bytes = try await reader?.next() { try await writer.write(bytes) }
                    })
            }
        }
        try await withClient(Mirror()) { client, listener async throws in
            let (lines, line) = AsyncStream<[UInt8]>.makeStream()
            var request = HTTPClientRequest.to(listener, .post)
            request.bodySource = HTTPUploadSource(lines)
            line.yield(Array("0".utf8))
            try await client.stream(request) { _, body async throws in
                for index in 0..<20 {
                    #expect(try await body.next() == Array("\(index)".utf8))
                    if index < 19 { line.yield(Array("\(index + 1)".utf8)) }
                }
                line.finish()
                #expect(try await body.next() == nil)
            }
        }
    }
}
