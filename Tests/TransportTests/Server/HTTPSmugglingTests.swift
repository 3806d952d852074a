import Testing
import Transport

/// Counts who gets through.
private struct CallCountingHandler: HTTPHandler {
    let calls = Counter()

    func bodyLimit(for head: HTTPRequestHead) -> Int { 65_536 }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        calls.add()
        let body = String(decoding: request.body, as: UTF8.self)
        return HTTPResponse(.ok, text: "\(request.method) \(request.path) <\(body)>")
    }
}

@Suite struct HTTPSmugglingTests {
    /// A request that another parser might find behind the bad one.
    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"

    private func serve(_ request: String) async throws -> (answer: String, calls: Int) {
        let handler = CallCountingHandler()
        var answer = ""
        try await withLoop { loop in
            let stream = ScriptedStream([Array(request.utf8)], on: loop)
            await HTTPServer(logger: .silent, handler: handler).serve(stream)
            answer = stream.written
        }
        return (answer, handler.calls.count)
    }

    private func refuses(_ example: SmugglingCase) async throws {
        let (answer, calls) = try await serve(example.request + Self.smuggled)
        #expect(answer.statuses == [example.status])
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(calls == 0)
    }

    @Test("a length that two parsers may read differently is refused", arguments: SmugglingCase.lengths)
    func lengths(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test("a coding that two parsers may read differently is refused", arguments: SmugglingCase.codings)
    func codings(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test("a line that two parsers may end elsewhere is refused", arguments: SmugglingCase.lines)
    func lines(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test("chunks that two parsers may cut elsewhere are refused", arguments: SmugglingCase.chunkings)
    func chunkings(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test("a target that may mean something else is refused", arguments: SmugglingCase.targets)
    func targets(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test("a host that may mean something else is refused", arguments: SmugglingCase.hosts)
    func hosts(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test("another version than 1.1 and 1.0 is refused", arguments: SmugglingCase.versions)
    func versions(_ example: SmugglingCase) async throws { try await refuses(example) }

    @Test(
        "what is unusual but right is served",
        arguments: [
            ("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 003\r\n\r\nabc", "POST /a <abc>"),
            ("POST /a HTTP/1.1\r\nHost: x\r\ncONTENT-lENGTH:3\r\n\r\nabc", "POST /a <abc>"),
            ("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length:   3  \r\n\r\nabc", "POST /a <abc>"),
            (
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked \r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "POST /a <abc>"
            ),
            (
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:chunked\r\n\r\n003\r\nabc\r\n00\r\n\r\n",
                "POST /a <abc>"
            ),
            (
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nabcdefghij\r\n0\r\n\r\n",
                "POST /a <abcdefghij>"
            ),
            (
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0;x\r\nT: 1\r\n\r\n",
                "POST /a <abc>"
            ),
            ("GET http://x/a?b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a <>"),
            ("GET HTTP://X:80/a HTTP/1.1\r\nHost: x:80\r\n\r\n", "GET /a <>"),
            ("GET http://x HTTP/1.1\r\nHost: x\r\n\r\n", "GET / <>"),
            ("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS / <>"),
            ("GET /a HTTP/1.1\r\nHost: [::1]:8025\r\n\r\n", "GET /a <>"),
            ("GET /a HTTP/1.1\r\nHost: a_b.example.\r\n\r\n", "GET /a <>"),
            ("GET /a HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "GET /a <>"), ("GET /a HTTP/1.0\r\n\r\n", "GET /a <>"),
            ("\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a <>"),
            ("GET /a HTTP/1.1\r\nHost: x\r\nA: b\tc \u{e4}\r\nB:\r\n\r\n", "GET /a <>"),
            ("GET //a//b HTTP/1.1\r\nHost: x\r\n\r\n", "GET //a//b <>"),
        ])
    func neighbours(request: String, text: String) async throws {
        let (answer, calls) = try await serve(request)
        #expect(answer.statuses == ["200"])
        #expect(answer.hasSuffix("\r\n\r\n\(text)"))
        #expect(calls == 1)
    }

    @Test("what comes behind a body is the next request, and refused as such")
    func behind() async throws {
        let (answer, calls) = try await serve("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcX\r\n\r\n")
        #expect(answer.statuses == ["200", "400"])
        #expect(calls == 1)
    }

    @Test(
        "a request that breaks off is not served",
        arguments: ["GET /a HTTP/1.1\r\nHost: x\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n\r"])
    func breaksOff(request: String) async throws {
        let (answer, calls) = try await serve(request)
        #expect(answer.isEmpty)
        #expect(calls == 0)
    }
}

@Suite struct HTTPInjectionTests {
    private struct Answering: HTTPHandler {
        let response: HTTPResponse
        func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
        func respond(to request: HTTPRequest) async -> HTTPResponse { response }
    }

    @Test(
        "no field of a response can end its line, or the head",
        arguments: [
            ("X", "a\r\nSet-Cookie: b"), ("X", "a\nSet-Cookie: b"), ("X", "a\rSet-Cookie: b"), ("X", "a\u{0}"),
            ("X\r\nSet-Cookie: b", "a"), ("X: b\r\nSet-Cookie", "a"), ("X ", "a"), ("", "a"), ("X:", "a"),
            ("\u{e4}", "a"),
            ("X", "a\r\n\r\nHTTP/1.1 200 OK"),
        ])
    func fields(name: String, value: String) async throws {
        var response = HTTPResponse(.ok, text: "b")
        response.headers.add(name, value)
        let answer = try await exchange(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Answering(response: response))
        #expect(answer.statuses == ["500"])
        #expect(!answer.contains("Set-Cookie"))
    }

    @Test(
        "a trailer that would end its line is left out",
        arguments: [("T", "a\r\nSet-Cookie: b"), ("T\r\nSet-Cookie", "a")])
    func trailers(name: String, value: String) async throws {
        let response = HTTPResponse(
            .ok,
            body: .stream { writer in
                try await writer.write("text")
                writer.setTrailers([name: value, "Sum": "1"])
            })
        let answer = try await exchange(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Answering(response: response))
        #expect(answer.hasSuffix("4\r\ntext\r\n0\r\nSum: 1\r\n\r\n"))
    }

    @Test("fields that frame the response are the server's alone")
    func framing() async throws {
        let response = HTTPResponse(
            .ok,
            headers: ["Content-Length": "99", "transfer-encoding": "chunked", "Connection": "x", "Keep-Alive": "1"],
            body: .bytes(Array("ab".utf8)))
        let answer = try await exchange(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Answering(response: response))
        #expect(answer.hasSuffix("\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab"))
        #expect(!answer.contains("99") && !answer.contains("chunked") && !answer.contains("Keep-Alive"))
    }

    @Test("a status that is no final one is not sent", arguments: [0, 99, 100, 199, 600, 1_000, -1])
    func statuses(code: Int) async throws {
        let response = HTTPResponse(HTTPStatus(rawValue: code))
        let answer = try await exchange(
            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Answering(response: response))
        #expect(answer.statuses == ["500"])
    }
}
