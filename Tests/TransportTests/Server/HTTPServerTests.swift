import Testing
import Transport

/// Answers with what it got: method, path and body.
struct EchoHandler: HTTPHandler {
    var limit = 1_000

    func bodyLimit(for head: HTTPRequestHead) -> Int { limit }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        HTTPResponse(.ok, text: "\(request.method) \(request.path) \(String(decoding: request.body, as: UTF8.self))")
    }
}

/// Sends raw bytes to a server of its own and returns all it answers until it closes.
func exchange(
    _ text: String, _ handler: any HTTPHandler = EchoHandler(),
    _ configuration: HTTPServerConfiguration = HTTPServerConfiguration()
) async throws -> String {
    var answer = ""
    try await withServer(handler, configuration) { listener, group in
        let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
        try await connection.write(text)
        answer = try await connection.readAll()
    }
    return answer
}

extension String {
    /// The bodies of plain-text responses that follow one another.
    var bodies: [String] {
        split(separator: "\r\n\r\n").dropFirst().map { part in
            part.split(separator: "HTTP/1.1", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        }
    }

    /// The status codes of responses that follow one another.
    var statuses: [String] {
        split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
    }
}

@Suite struct HTTPServerTests {
    private static let pipeline =
        "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        + "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1;x=y\r\nf\r\n0\r\nT: 1\r\n\r\n"
        + "\r\nGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test("a request is answered")
    func simple() async throws {
        let answer = try await exchange("GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
        #expect(answer.hasSuffix("\r\nContent-Length: 9\r\nConnection: close\r\n\r\nGET /a b "))
    }

    @Test("pipelined requests are answered in their order on one connection")
    func pipelining() async throws {
        let answer = try await exchange(Self.pipeline)
        #expect(answer.bodies == ["POST /1 abc", "POST /2 def", "GET /3 "])
    }

    @Test("it does not matter where the bytes are cut")
    func splitEverywhere() async throws {
        let bytes = Array(Self.pipeline.utf8)
        try await withLoop { loop in
            for cut in 1..<bytes.count {
                let answer = await Self.serve([Array(bytes[..<cut]), Array(bytes[cut...])], on: loop)
                #expect(answer.bodies == ["POST /1 abc", "POST /2 def", "GET /3 "], "cut at \(cut)")
            }
        }
    }

    @Test("bytes that come one at a time make the same requests")
    func byteByByte() async throws {
        try await withLoop { loop in
            let answer = await Self.serve(Self.pipeline.utf8.map { [$0] }, on: loop)
            #expect(answer.bodies == ["POST /1 abc", "POST /2 def", "GET /3 "])
        }
    }

    @Test("a request that breaks off anywhere is not answered as a whole one")
    func breaksOff() async throws {
        let request = Array("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".utf8)
        try await withLoop { loop in
            for end in 0..<request.count {
                #expect(await Self.serve([Array(request[..<end])].filter { !$0.isEmpty }, on: loop).isEmpty)
            }
        }
    }

    private static func serve(_ pieces: [[UInt8]], on loop: EventLoop) async -> String {
        let stream = ScriptedStream(pieces, on: loop)
        await HTTPServer(logger: .silent, handler: EchoHandler()).serve(stream)
        return stream.written
    }

    @Test(
        "a connection is kept or closed as the version and the Connection field say",
        arguments: [
            ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
            ("HTTP/1.1", "Connection: x, Close\r\n", false), ("HTTP/1.0", "", false),
            ("HTTP/1.0", "Connection: keep-alive\r\n", true),
        ])
    func keepAlive(version: String, field: String, isKept: Bool) async throws {
        let end = "GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let answer = try await exchange("GET /1 \(version)\r\nHost: x\r\n\(field)\r\n" + end)
        #expect(answer.statuses.count == (isKept ? 2 : 1))
        #expect(answer.contains("Connection: keep-alive") == (isKept && version == "HTTP/1.0"))
    }

    @Test("a HEAD request gets the length and no body")
    func head() async throws {
        let answer = try await exchange("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(answer.contains("\r\nContent-Length: 7\r\n"))
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    @Test("a client that waits for 100-continue is asked for its body")
    func continues() async throws {
        try await withServer(EchoHandler()) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
            try await connection.write(
                "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\n")
            #expect(try await connection.readThrough("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.write("hi")
            #expect(try await connection.readAll().hasSuffix("POST / hi"))
        }
    }

    @Test(
        "a client that waits for 100-continue with too much is refused before its body",
        arguments: [
            ("100-continue", "413"), ("200-maybe", "417"),
        ])
    func refusesExpectation(expectation: String, status: String) async throws {
        let length = status == "413" ? 1_001 : 5
        let answer = try await exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: \(expectation)\r\nContent-Length: \(length)\r\n\r\n")
        #expect(answer.statuses == [status])
    }

    @Test("a header field of a response that would end its line is not sent")
    func responseSplitting() async throws {
        struct Splitter: HTTPHandler {
            func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                HTTPResponse(.ok, headers: ["X": "a\r\nSet-Cookie: b"])
            }
        }
        let answer = try await exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Splitter())
        #expect(answer.statuses == ["500"])
        #expect(!answer.contains("Set-Cookie"))
    }
}
