import Logging
import TestSupport
import Testing

@testable import Transport

@Suite struct RequestIDTests {
    private func ask(_ headers: HTTPFields, from remote: String) async throws -> (answered: String?, seen: String?) {
        let configuration = RequestIDConfiguration(proxies: try .of("10.0.0.0/8"), make: { "made" })
        let endpoint = Endpoint()
        let response = await RequestIDMiddleware(configuration).respond(
            to: try .of(from: remote, headers: headers), next: endpoint)
        return (response.headers["x-request-id"], endpoint.last?.id)
    }

    @Test("every request gets a name, in the request and in the answer")
    func made() async throws {
        #expect(try await ask([:], from: "192.0.2.1:1") == ("made", "made"))
    }

    @Test("a trusted proxy's name is kept, a stranger's is not")
    func given() async throws {
        let fields: HTTPFields = ["X-Request-Id": "7f.A-b_9:+/=@"]
        #expect(try await ask(fields, from: "10.0.0.1:1").seen == "7f.A-b_9:+/=@")
        #expect(try await ask(fields, from: "192.0.2.1:1").seen == "made")
    }

    @Test(
        "a proxy's name that is none is replaced",
        arguments: ["", "a b", "a\"b", "é", "a;b", "a,b", "a\tb", String(repeating: "x", count: 129)])
    func malformed(id: String) async throws {
        #expect(try await ask(["X-Request-Id": id], from: "10.0.0.1:1") == ("made", "made"))
    }

    @Test("names of our own are short, plain and different")
    func random() {
        let names = (0..<1_000).map { _ in RequestIDConfiguration().make() }
        #expect(Set(names).count == 1_000)
        #expect(names.allSatisfy { $0.utf8.count == 13 && $0.utf8.allSatisfy { $0 > 0x31 && $0 < 0x7B } })
    }
}

@Suite struct AccessLogTests {
    private let recorder = LogRecorder()
    private let clock = HandClock()

    private func middleware(level: LogLevel = .info) -> AccessLogMiddleware {
        let configuration = AccessLogConfiguration(level: level, currentTime: { [clock] in clock.now })
        return AccessLogMiddleware(configuration, logger: Logger(level: .info, sink: recorder))
    }

    private func ask(_ request: HTTPRequest, _ answer: HTTPResponse, level: LogLevel = .info) async -> HTTPResponse {
        await middleware(level: level).respond(to: request, next: Endpoint(answer))
    }

    private var fields: [String: String] {
        Dictionary(recorder.events.last?.fields.map { ($0.name, $0.value) } ?? []) { first, _ in first }
    }

    @Test("a line says who asked for what, and what came of it, but not the query")
    func line() async throws {
        var request = try HTTPRequest.of(.post, "/in/a%20b?token=geheim", from: "192.0.2.1:7")
        request.id = "r1"
        _ = await ask(request, HTTPResponse(.created, text: "hello"))
        #expect(
            fields == [
                "method": "POST", "path": "/in/a%20b", "status": "201", "bytes": "5", "ms": "0.000",
                "remote": "192.0.2.1:7", "protocol": "HTTP/1.1", "id": "r1", "whole": "true",
            ])
        #expect(!recorder.text.contains("geheim"))
    }

    @Test("a request that the server refuses by itself has a line, with what is known of it")
    func refused() throws {
        let chain = HTTPMiddlewareChain([RequestIDMiddleware(), middleware()], around: Endpoint())
        var refused = HTTPRefusedRequest(
            remoteAddress: try SocketAddress("192.0.2.1:7"), status: .badRequest, detail: "what for", bytes: 9)
        chain.didRefuse(refused)
        #expect(
            fields == [
                "method": "-", "path": "-", "status": "400", "bytes": "9", "ms": "-", "remote": "192.0.2.1:7",
                "protocol": "-", "id": "-", "whole": "true", "refused": "what for",
            ])
        refused.head = try HTTPRequest.of(.post, "/in/a?token=geheim").head
        chain.didRefuse(refused)
        #expect(fields["method"] == "POST" && fields["path"] == "/in/a" && fields["protocol"] == "HTTP/1.1")
        #expect(!recorder.text.contains("geheim"))
        middleware(level: .debug).didRefuse(refused)
        #expect(recorder.events.count == 2)
    }

    @Test(
        "no bytes are counted where none are sent", arguments: [(HTTPMethod.head, HTTPStatus.ok), (.get, .notModified)])
    func noBody(method: HTTPMethod, status: HTTPStatus) async throws {
        _ = await ask(try .of(method), HTTPResponse(status, text: "hello"))
        #expect(fields["bytes"] == "0")
        _ = await ask(try .of(method), HTTPResponse(status, body: .stream { try await $0.write("hello") }))
        #expect(recorder.events.count == 2)
    }

    @Test("a stream's line comes at its end, with its bytes and its time")
    func stream() async throws {
        let answer = HTTPResponse(
            .ok,
            body: .stream { [clock] writer in
                try await writer.write("hello ")
                clock.advance(by: .microseconds(12_034))
                try await writer.write("world")
            })
        let response = await ask(try .of(), answer)
        #expect(recorder.events.isEmpty)
        #expect(String(decoding: try await response.collected(), as: UTF8.self) == "hello world")
        #expect(fields["bytes"] == "11")
        #expect(fields["ms"] == "12.034")
        #expect(fields["whole"] == "true")
    }

    @Test("a stream that is broken off says so")
    func brokenOff() async throws {
        let answer = HTTPResponse(
            .ok,
            body: .stream { writer in
                try await writer.write("hello ")
                try await writer.write("world")
            })
        let response = await ask(try .of(), answer)
        await #expect(throws: TransportError.closed) { try await response.collected(BodyCollector(failingAt: 2)) }
        #expect(fields["bytes"] == "6")
        #expect(fields["whole"] == "false")
        #expect(recorder.events.count == 1)
    }

    @Test("a stream that never began has a line too")
    func neverBegan() async throws {
        var response: HTTPResponse? = await ask(try .of(), HTTPResponse(.ok, body: .stream { _ in }))
        #expect(response?.status == .ok && recorder.events.isEmpty)
        response = nil
        #expect(fields["whole"] == "false")
    }

    @Test("below the log's level nothing is made")
    func level() async throws {
        _ = await ask(try .of(), HTTPResponse(.ok), level: .debug)
        #expect(recorder.events.isEmpty)
    }
}

@Suite struct MiddlewareChainTests {
    private struct Marker: HTTPMiddleware {
        let name: String

        func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
            var request = request
            request.head.headers.add("way", name)
            var response = await next.respond(to: request)
            response.headers.add("way", name)
            return response
        }
    }

    @Test("the first sees a request first and its answer last")
    func order() async throws {
        let endpoint = Endpoint()
        let chain = HTTPMiddlewareChain([Marker(name: "a"), Marker(name: "b")], around: endpoint)
        let response = await chain.respond(to: try .of())
        #expect(endpoint.last?.headers.values("way") == ["a", "b"])
        #expect(response.headers.values("way") == ["b", "a"])
    }

    @Test("limits are those of the handler")
    func limits() throws {
        let chain = HTTPMiddlewareChain([Marker(name: "a")], around: Endpoint())
        #expect(chain.bodyLimit(for: try HTTPRequest.of().head) == 17)
        #expect(chain.streamsBody(for: try HTTPRequest.of(.get, "/streams").head))
        #expect(!chain.streamsBody(for: try HTTPRequest.of().head))
    }

    @Test("configured together, a refusal is named, logged with the client's address, and readable for pages")
    func together() async throws {
        let recorder = LogRecorder()
        var all = HTTPMiddlewareConfiguration()
        #expect(all.middleware(logger: .silent).isEmpty)
        all.requestID = RequestIDConfiguration(proxies: try .of("10.0.0.0/8"))
        all.trustedProxies = TrustedProxyConfiguration(proxies: try .of("10.0.0.0/8"))
        all.accessLog = AccessLogConfiguration()
        all.securityHeaders = SecurityHeadersConfiguration()
        all.crossOrigin = CORSConfiguration(origins: .listed(["https://app.example"]))
        all.rateLimit = RateLimitConfiguration(perAddress: RequestRate(1, per: .seconds(60)))
        all.crossSite = CSRFConfiguration()
        let chain = HTTPMiddlewareChain(
            all.middleware(logger: Logger(sink: recorder)), around: Endpoint())
        let request = try HTTPRequest.of(
            from: "10.0.0.1:1",
            headers: ["X-Request-Id": "n1", "X-Forwarded-For": "192.0.2.1", "Origin": "https://app.example"])
        _ = await chain.respond(to: request)
        let refused = await chain.respond(to: request)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["x-request-id"] == "n1")
        #expect(refused.headers["access-control-allow-origin"] == "https://app.example")
        #expect(refused.headers["x-content-type-options"] == "nosniff")
        #expect(recorder.text.contains("status=429") && recorder.text.contains("remote=192.0.2.1:0 "))
    }
}
