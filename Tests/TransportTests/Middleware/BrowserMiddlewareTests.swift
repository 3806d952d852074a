import Testing

@testable import Transport

@Suite struct CORSTests {
    private func ask(
        _ configuration: CORSConfiguration, _ headers: HTTPFields, _ method: HTTPMethod = .get,
        answer: HTTPResponse = HTTPResponse(.ok)
    ) async throws -> (HTTPResponse, asked: Int) {
        let endpoint = Endpoint(answer)
        let response = await CORSMiddleware(configuration).respond(
            to: try .of(method, headers: headers), next: endpoint)
        return (response, endpoint.count)
    }

    private let app = CORSConfiguration(origins: .listed(["https://app.example"]), allowsCredentials: true)

    @Test("a page of a listed origin may read the answer, with cookies if that is allowed")
    func listed() async throws {
        let (response, _) = try await ask(app, ["Origin": "https://app.example"])
        #expect(response.headers["access-control-allow-origin"] == "https://app.example")
        #expect(response.headers["access-control-allow-credentials"] == "true")
        #expect(response.headers["vary"] == "Origin")
    }

    @Test(
        "a page of any other may not, and the answer still depends on the origin",
        arguments: [
            "https://evil.example", "http://app.example", "https://app.example:444", "https://app.example.evil.example",
            "null", "", "HTTPS://APP.EXAMPLE",
        ])
    func others(origin: String) async throws {
        let (response, asked) = try await ask(app, ["Origin": origin])
        #expect(!response.headers.contains("access-control-allow-origin"))
        #expect(!response.headers.contains("access-control-allow-credentials"))
        #expect(response.headers["vary"] == "Origin")
        #expect(asked == 1)
    }

    @Test("null is no origin, even listed")
    func null() async throws {
        let (response, _) = try await ask(CORSConfiguration(origins: .listed(["null"])), ["Origin": "null"])
        #expect(!response.headers.contains("access-control-allow-origin"))
    }

    @Test("all origins may, but never with cookies")
    func any() async throws {
        let all = CORSConfiguration(origins: .any, allowsCredentials: true)
        let (response, _) = try await ask(all, ["Origin": "https://x.example"])
        #expect(response.headers["access-control-allow-origin"] == "*")
        #expect(!response.headers.contains("access-control-allow-credentials"))
    }

    @Test("a browser's question is answered here")
    func preflight() async throws {
        let question: HTTPFields = [
            "Origin": "https://app.example", "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "content-type",
        ]
        let (response, asked) = try await ask(app, question, .options)
        #expect(asked == 0)
        #expect(response.status == .noContent)
        #expect(response.headers["access-control-allow-methods"] == "GET, HEAD, POST, PUT, PATCH, DELETE")
        #expect(response.headers["access-control-allow-headers"]?.contains("Content-Type") == true)
        #expect(response.headers["access-control-max-age"] == "600")
        #expect(response.headers["vary"]?.contains("Access-Control-Request-Method") == true)
    }

    @Test("other questions go to the endpoint")
    func otherOptions() async throws {
        #expect(try await ask(app, ["Origin": "https://app.example"], .options).asked == 1)
        let stranger: HTTPFields = ["Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"]
        #expect(try await ask(app, stranger, .options).asked == 1)
    }

    @Test("Vary keeps what the endpoint said")
    func vary() async throws {
        for (own, all) in [("Accept-Encoding", "Accept-Encoding, Origin"), ("origin", "origin"), ("*", "*")] {
            let (response, _) = try await ask(app, [:], answer: HTTPResponse(.ok, headers: ["Vary": own]))
            #expect(response.headers.values("vary") == [all])
        }
    }
}

@Suite struct CSRFTests {
    private func status(_ method: HTTPMethod, _ headers: HTTPFields, isSecure: Bool = false) async throws -> HTTPStatus
    {
        let middleware = CSRFMiddleware(CSRFConfiguration(trustedOrigins: ["https://app.example"]))
        return await middleware.respond(to: try .of(method, headers: headers, isSecure: isSecure), next: Endpoint())
            .status
    }

    @Test(
        "a request with a session passes when it comes from our own pages",
        arguments: [
            ["Cookie": "s=1", "Sec-Fetch-Site": "same-origin"], ["Cookie": "s=1", "Sec-Fetch-Site": "none"],
            ["Cookie": "s=1", "Origin": "http://hq.example"], ["Cookie": "s=1", "Origin": "https://hq.example"],
            ["Cookie": "s=1", "Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"],
            ["Authorization": "Basic eA==", "Sec-Fetch-Site": "same-origin"],
            // No session, or one that no browser adds by itself.
            [:], ["Origin": "https://evil.example"], ["Sec-Fetch-Site": "cross-site"],
            ["Cookie": "s=1", "Authorization": "Bearer x", "Sec-Fetch-Site": "cross-site"],
        ] as [HTTPFields])
    func passes(headers: HTTPFields) async throws {
        #expect(try await status(.post, headers) == .ok)
    }

    @Test(
        "a request with a session that comes from elsewhere is refused",
        arguments: [
            ["Cookie": "s=1"], ["Cookie": "s=1", "Sec-Fetch-Site": "cross-site"],
            ["Cookie": "s=1", "Sec-Fetch-Site": "same-site"], ["Cookie": "s=1", "Sec-Fetch-Site": "new-value"],
            ["Cookie": "s=1", "Sec-Fetch-Site": "cross-site", "Origin": "http://hq.example"],
            ["Cookie": "s=1", "Origin": "https://evil.example"], ["Cookie": "s=1", "Origin": "null"],
            ["Cookie": "s=1", "Origin": "http://hq.example:8080"],
            ["Cookie": "s=1", "Origin": "http://hq.example.evil"],
            ["Cookie": "s=1", "Origin": "ftp://hq.example"], ["Cookie": "s=1", "Origin": ""],
            ["Authorization": "basic eA==", "Sec-Fetch-Site": "cross-site"], ["Authorization": "Negotiate x"],
        ] as [HTTPFields])
    func refused(headers: HTTPFields) async throws {
        #expect(try await status(.post, headers) == .forbidden)
        #expect(try await status(HTTPMethod(rawValue: "CONNECT"), headers) == .forbidden)
    }

    @Test("reading needs no origin, but a WebSocket does")
    func reading() async throws {
        let stranger: HTTPFields = ["Cookie": "s=1", "Sec-Fetch-Site": "cross-site"]
        for method in [HTTPMethod.get, .head, .options] { #expect(try await status(method, stranger) == .ok) }
        let socket: HTTPFields = ["Cookie": "s=1", "Origin": "https://evil.example", "Upgrade": "websocket"]
        #expect(try await status(.get, socket) == .forbidden)
        let own: HTTPFields = ["Cookie": "s=1", "Origin": "http://hq.example", "Upgrade": "websocket"]
        #expect(try await status(.get, own) == .ok)
    }

    @Test("over HTTPS an origin without it is another one")
    func scheme() async throws {
        #expect(
            try await status(.post, ["Cookie": "s=1", "Origin": "http://hq.example"], isSecure: true) == .forbidden)
        #expect(try await status(.post, ["Cookie": "s=1", "Origin": "https://hq.example"], isSecure: true) == .ok)
    }
}

@Suite struct SecurityHeadersTests {
    private func fields(_ request: HTTPRequest, _ answer: HTTPResponse = HTTPResponse(.ok)) async -> HTTPFields {
        let configuration = SecurityHeadersConfiguration(strictTransport: .seconds(3_600))
        return await SecurityHeadersMiddleware(configuration).respond(to: request, next: Endpoint(answer)).headers
    }

    @Test("fields are added, and what an endpoint says stays")
    func adds() async throws {
        #expect(await fields(try .of())["x-content-type-options"] == "nosniff")
        let own = HTTPResponse(.ok, headers: ["Referrer-Policy": "origin"])
        #expect(await fields(try .of(), own).values("referrer-policy") == ["origin"])
    }

    @Test("HTTPS is asked for over HTTPS only")
    func strictTransport() async throws {
        #expect(await fields(try .of())["strict-transport-security"] == nil)
        #expect(await fields(try .of(isSecure: true))["strict-transport-security"] == "max-age=3600")
    }
}
