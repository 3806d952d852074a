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

@Suite struct HTTPServerTests {
    @Test("a request is answered")
    func simple() async throws {
        let answer = try await exchange("GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.hasSuffix("\r\nContent-Length: 9\r\nConnection: close\r\n\r\nGET /a b "))
    }

    @Test("pipelined requests are answered in their order on one connection")
    func pipelining() async throws {
        let first = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        let second =
            "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1;x=y\r\nf\r\n0\r\nT: 1\r\n\r\n"
        let third = "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let answer = try await exchange(first + second + third)
        let bodies = answer.split(separator: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != "H" || false } }
        #expect(bodies.map(String.init) == ["POST /1 abc", "POST /2 def", "GET /3 "])
    }
}
