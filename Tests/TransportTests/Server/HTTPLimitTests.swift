import TestSupport
import Testing
import Transport

@Suite struct HTTPLimitTests {
    @Test("a head over the limit is answered with 431, whole or not", arguments: ["", "\r\n\r\n"])
    func headLimit(end: String) async throws {
        let head = "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "a", count: 32 * 1_024) + end
        #expect(try await exchange(head).statuses == ["431"])
    }

    @Test("a head just under the limit is fine")
    func headUnderLimit() async throws {
        let head = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: "
        let filler = String(repeating: "a", count: 32 * 1_024 - head.utf8.count - 4)
        #expect(try await exchange(head + filler + "\r\n\r\n").statuses == ["200"])
    }

    @Test(
        "a body over the limit is answered with 413",
        arguments: [
            "Content-Length: 1001\r\n\r\n" + String(repeating: "a", count: 1_001),
            "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + String(repeating: "a", count: 1_001) + "\r\n0\r\n\r\n",
        ])
    func bodyLimit(rest: String) async throws {
        #expect(try await exchange("POST / HTTP/1.1\r\nHost: x\r\n" + rest).statuses == ["413"])
    }

    @Test(
        "a body of just the limit is fine",
        arguments: [
            "Content-Length: 1000\r\n\r\n" + String(repeating: "a", count: 1_000),
            "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + String(repeating: "a", count: 1_000) + "\r\n0\r\n\r\n",
        ])
    func bodyAtLimit(rest: String) async throws {
        let answer = try await exchange("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest)
        #expect(answer.statuses == ["200"])
    }

    @Test(
        "endless chunk extensions and trailers are refused",
        arguments: [
            "1;" + String(repeating: "a", count: 40_000), "0\r\nA: " + String(repeating: "a", count: 40_000),
        ])
    func framingLimit(chunks: String) async throws {
        let answer = try await exchange("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
        #expect(answer.statuses == ["400"])
    }

    @Test(
        "who says nothing, or no more, is waited for so long as is his due, and then told if he had begun",
        arguments: [
            ("", nil, 30), ("GET / HT", "408", 30), ("\r\n", nil, 30), ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200", 75),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na", "408", 30),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "408", 30),
        ] as [(String, String?, Int)])
    func silence(before: String, status: String?, seconds: Int) async throws {
        try await withLoop { loop in
            let stream = ScriptedStream(before.isEmpty ? [] : [Array(before.utf8)], thenIsSilent: true, on: loop)
            await HTTPServer(logger: .silent, handler: EchoHandler()).serve(stream)
            #expect(stream.written.statuses.first == status)
            let patience = try #require(stream.patience.first ?? nil)
            #expect((seconds - 5...seconds).contains(Int(patience.components.seconds)))
        }
    }

    @Test("a body gets more time for each byte that has come")
    func minimumRate() async throws {
        try await withLoop { loop in
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n"
            let bytes = Array((head + String(repeating: "a", count: 500)).utf8)
            let stream = ScriptedStream([bytes], thenIsSilent: true, on: loop)
            let slow = HTTPServerConfiguration(minimumRate: 5)
            await HTTPServer(configuration: slow, logger: .silent, handler: EchoHandler()).serve(stream)
            let patience = try #require(stream.patience.first ?? nil)
            #expect((125...130).contains(Int(patience.components.seconds)))
        }
    }

    @Test("a client that does not take its response is cut off")
    func slowWrite() async throws {
        struct Flood: HTTPHandler {
            let asked: AsyncStream<Void>.Continuation
            func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                asked.finish()
                return HTTPResponse(.ok, type: "text/plain", body: [UInt8](repeating: 120, count: 32 * 1_048_576))
            }
        }
        let swift = HTTPServerConfiguration(graceTime: .milliseconds(60), minimumRate: 1_073_741_824)
        let (requests, asked) = AsyncStream<Void>.makeStream()
        try await withServer(Flood(asked: asked), swift) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            // Nobody reads until the server has given up.
            for await _ in requests {}
            try await waitUntil { listener.connectionCount == 0 }
            let received = try? await connection.readAll()
            #expect((received?.utf8.count ?? 0) < 32 * 1_048_576)
        }
    }
}
