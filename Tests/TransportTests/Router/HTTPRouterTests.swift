import Testing

@testable import Transport

/// Asks a router, without a socket.
private func ask(
    _ routes: [HTTPRoute], _ method: HTTPMethod, _ target: String
) async throws -> (response: HTTPResponse, text: String) {
    let head = try HTTPRequestHead(method: method, target: target, remoteAddress: .anyPort)
    let response = await HTTPRouter(routes).respond(to: HTTPRequest(head: head))
    guard case .bytes(let bytes) = response.body else { return (response, "") }
    return (response, String(decoding: bytes, as: UTF8.self))
}

/// An endpoint that says its pattern and what it found.
private func route(_ method: HTTPMethod, _ pattern: String, limit: Int = 10) throws -> HTTPRoute {
    try HTTPRoute(method, pattern, bodyLimit: limit) { request in
        let found = request.parameters.sorted { $0.name < $1.name }.map { " \($0.name)=\($0.value)" }
        return HTTPResponse(.ok, text: pattern + found.joined())
    }
}

@Suite struct HTTPRouterTests {
    @Test(
        "the most specific pattern answers, whatever the order",
        arguments: [
            ("/", "/"), ("/v1/messages", "/v1/messages"), ("/v1/messages/", "/v1/messages"),
            ("/v1/messages/7", "/v1/messages/{id} id=7"), ("/v1/messages/a%2Fb", "/v1/messages/{id} id=a/b"),
            ("/v1/messages/all", "/v1/messages/all"), ("/v1/other", "/v1/{rest...} rest=other"),
            ("/v1/messages/7/parts/1", "/v1/{rest...} rest=messages/7/parts/1"),
            ("/in/web/shop/chat", "/in/{mailbox}/{class...} class=shop/chat mailbox=web"),
            ("/x/y", "/{any}/y any=x"), ("/v1/y", "/v1/{rest...} rest=y"),
        ])
    func specific(target: String, answer: String) async throws {
        let patterns = [
            "/{any}/y", "/v1/{rest...}", "/v1/messages/{id}", "/v1/messages", "/v1/messages/all", "/",
            "/in/{mailbox}/{class...}",
        ]
        let routes = try patterns.map { try route(.get, $0) }
        #expect(try await ask(routes, .get, target).text == answer)
        #expect(try await ask(routes.reversed(), .get, target).text == answer)
    }

    @Test("a path of no pattern is not found, and one of another method says which are allowed")
    func notFound() async throws {
        let routes = [try route(.get, "/a"), try route(.post, "/a"), try route(.put, "/b/{c}")]
        #expect(try await ask(routes, .get, "/c").response.status == .notFound)
        #expect(try await ask(routes, .get, "/b").response.status == .notFound)
        #expect(try await ask(routes, .get, "/b//").response.status == .notFound)
        let refused = try await ask(routes, .delete, "/a").response
        #expect(refused.status == .methodNotAllowed)
        #expect(refused.headers["allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(refused.headers["content-type"] == "application/problem+json")
    }

    @Test("HEAD is answered by GET's endpoint")
    func head() async throws {
        #expect(try await ask([route(.get, "/a")], .head, "/a").response.status == .ok)
    }

    @Test("endpoints of one pattern are asked in turn until one answers, and then less specific ones")
    func inTurn() async throws {
        let pass = try HTTPRoute(.post, "/hook/{id}") { _ in nil }
        let routes = [pass, try route(.post, "/{all...}"), pass]
        #expect(try await ask(routes, .post, "/hook/1").text == "/{all...} all=hook/1")
        #expect(try await ask([pass, pass], .post, "/hook/1").response.status == .notFound)
        let taken = [pass, try route(.post, "/hook/{name}")]
        #expect(try await ask(taken, .post, "/hook/1").text == "/hook/{name} name=1")
    }

    @Test("the limit of a body is the largest of the endpoints that may answer")
    func limits() throws {
        let router = HTTPRouter([
            try route(.post, "/a", limit: 5), try route(.post, "/a", limit: 7), try route(.put, "/a", limit: 9),
        ])
        let post = try HTTPRequestHead(method: .post, target: "/a", remoteAddress: .anyPort)
        #expect(router.bodyLimit(for: post) == 7)
    }

    @Test("OPTIONS is answered with the methods of the path, unless an endpoint is for it")
    func options() async throws {
        let routes = [try route(.get, "/a"), try route(.put, "/a"), try route(.options, "/own")]
        let answer = try await ask(routes, .options, "/a").response
        #expect(answer.status == .noContent)
        #expect(answer.headers["allow"] == "GET, HEAD, OPTIONS, PUT")
        #expect(try await ask(routes, .options, "/own").text == "/own")
        #expect(try await ask(routes, .options, "/b").response.status == .notFound)
        #expect(try await ask(routes, .options, "*").response.status == .noContent)
        #expect(try await ask(routes, .get, "*").response.status == .notFound)
    }

    @Test("a body that comes piece by piece is read whole for endpoints that want it so")
    func streaming() async throws {
        let pass = try HTTPRoute(.post, "/a", streamsBody: true) { _ in nil }
        let whole = try HTTPRoute(.post, "/{any}", bodyLimit: 5) { HTTPResponse(.ok, type: "x/y", body: $0.body) }
        let router = HTTPRouter([pass, whole])
        let head = try HTTPRequestHead(method: .post, target: "/a", remoteAddress: .anyPort)
        #expect(router.streamsBody(for: head))
        let other = try HTTPRequestHead(method: .post, target: "/b", remoteAddress: .anyPort)
        #expect(!router.streamsBody(for: other))
        for (pieces, status) in [(["ab", "cde"], HTTPStatus.ok), (["ab", "cdef"], .contentTooLarge)] {
            var request = HTTPRequest(head: head)
            let reader = HTTPBodyReader()
            for piece in pieces { reader.add(Array(piece.utf8)) }
            reader.finish()
            request.bodyReader = reader
            #expect(await router.respond(to: request).status == status)
        }
    }

    @Test(
        "a malformed pattern is refused",
        arguments: [
            "", "a", "//", "/a//b", "/{}", "/{a", "/a}", "/{a}b", "/{a...}/b", "/{a}/{a}", "/{a b}", "/{...}",
        ])
    func malformed(pattern: String) {
        #expect(throws: HTTPPatternError.self) { try HTTPPathPattern(pattern) }
    }
}
