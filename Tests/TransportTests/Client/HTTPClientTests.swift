import Testing
import Transport

/// Lends a server and a client of the same group.
func withClient(
    _ handler: any HTTPHandler = EchoHandler(), _ configuration: HTTPServerConfiguration = HTTPServerConfiguration(),
    at address: SocketAddress = .anyPort, _ body: @escaping (HTTPClient, Listener) async throws -> Void
) async throws {
    try await withServer(handler, configuration, at: address) { listener, group in
        let client = HTTPClient(group: group)
        try await body(client, listener)
        client.shutdown()
    }
}

extension HTTPClientRequest {
    /// A request to a listener of the test.
    static func to(_ listener: Listener, _ method: HTTPMethod = .get, _ path: String = "/", body: String = "") -> Self {
        HTTPClientRequest(
            method, "http://\(listener.localAddress)\(path)", body: Array(body.utf8), privateAddresses: .allowed)
    }
}

extension HTTPClientResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

@Suite struct HTTPClientTests {
    @Test("a request gets its response", arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
    func methods(method: String) async throws {
        try await withClient { client, listener in
            let body = method == "GET" ? "" : "some"
            let response = try await client.send(.to(listener, HTTPMethod(rawValue: method), "/p%20q", body: body))
            #expect(response.status == .ok)
            #expect(response.text == "\(method) /p q \(body)")
            #expect(response.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(response.primaryAddress == IPAddress("127.0.0.1"))
        }
    }

    @Test("HEAD gets the header fields of GET and no body")
    func head() async throws {
        try await withClient { client, listener in
            let response = try await client.send(.to(listener, .head, "/"))
            #expect(response.body.isEmpty)
            #expect(response.headers["Content-Length"] == "7")
        }
    }

    @Test("a refused connection is certain not to have sent the request")
    func refused() async throws {
        try await withGroup { group in
            // A port that was free a moment ago, and that nobody listens on.
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            let address = listener.localAddress
            await listener.shutdown(within: .zero)
            let client = HTTPClient(group: group)
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.send(HTTPClientRequest(.get, "http://\(address)/", privateAddresses: .allowed))
            }
            guard case .connectionFailed = error else { throw error ?? .invalidURL }
            #expect(error?.requestWasSent == false)
            client.shutdown()
        }
    }

    @Test("a private address is refused before anything is sent, as number or as name")
    func privateAddress() async throws {
        try await withClient { client, listener in
            let port = try #require(listener.localAddress.port)
            for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f000001"] {
                await #expect(throws: HTTPClientError.privateAddress(try #require(IPAddress("127.0.0.1"))), "\(host)") {
                    do throws(HTTPClientError) {
                        _ = try await client.send(HTTPClientRequest(.get, "http://\(host):\(port)/"))
                    } catch .privateAddress(let address) {
                        throw HTTPClientError.privateAddress(address.isLoopback ? .v4(0x7F00_0001) : address)
                    }
                }
            }
            #expect(listener.connectionCount == 0)
        }
    }

    @Test("a pooled connection to a private address is not lent to a request that refuses those")
    func privatePool() async throws {
        try await withClient { client, listener in
            for loop in 0..<4 {
                _ = try await client.send(.to(listener))
                var request = HTTPClientRequest.to(listener, .post, "/", body: "x")
                request.privateAddresses = .refused
                let strict = request
                let error = await #expect(throws: HTTPClientError.self, "\(loop)") { try await client.send(strict) }
                #expect(error == .privateAddress(.v4(0x7F00_0001)))
            }
        }
    }

    @Test("requests one after the other share a connection")
    func pool() async throws {
        let connections = Counter()
        let server = HTTPServer(logger: .silent, handler: EchoHandler())
        try await withListener(serve: { connection in
            connections.add()
            await server.serve(connection)
        }) { listener, group in
            let client = HTTPClient(group: group)
            let loop = group.next()
            let task = Task(executorPreference: loop) {
                for _ in 0..<20 { _ = try await client.send(.to(listener, .post, "/", body: "x")) }
            }
            try await task.value
            #expect(connections.count == 1)
            client.shutdown()
        }
    }

    @Test("a request goes by a Unix socket, whatever the URL's host")
    func unixSocket() async throws {
        try await withFolder { folder in
            try await withClient(at: .unix(path: folder + "/s")) { client, _ in
                let response = try await client.send(
                    HTTPClientRequest(.post, "http://postroad/v1", body: [0x78], unixSocketPath: folder + "/s"))
                #expect(response.text == "POST /v1 x")
                #expect(response.primaryAddress == nil)
            }
        }
    }

    @Test("a redirect is followed only when asked, and so often as asked")
    func redirects() async throws {
        struct Circle: HTTPHandler {
            func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                let step = Int(request.path.dropFirst()) ?? 0
                return HTTPResponse(.found, headers: ["Location": "/\(step + 1)"])
            }
        }
        try await withClient(Circle()) { client, listener in
            var request = HTTPClientRequest.to(listener)
            let response = try await client.send(request)
            #expect(response.status == .found)
            #expect(response.headers["location"] == "/1")
            request.followRedirects = 3
            let circular = request
            let host = "\(listener.localAddress)"
            await #expect(throws: HTTPClientError.tooManyRedirects(host: host)) { try await client.send(circular) }
        }
    }

    @Test("header fields arrive as they were given, and those of the answer come back")
    func headers() async throws {
        struct Mirror: HTTPHandler {
            func bodyLimit(for head: HTTPRequestHead) -> Int { 0 }
            func respond(to request: HTTPRequest) async -> HTTPResponse {
                let names = request.headers.filter { $0.name.hasPrefix("X-") || $0.name == "User-Agent" }
                return HTTPResponse(.noContent, headers: HTTPFields(names + [.init(name: "X-Twice", value: "2")]))
            }
        }
        try await withClient(Mirror()) { client, listener in
            var request = HTTPClientRequest.to(listener)
            request.headers = ["X-Twice": "1", "X-Empty": "", "X-Umlaut": "ä"]
            let response = try await client.send(request)
            #expect(response.status == .noContent)
            #expect(response.headers.values("x-twice") == ["1", "2"])
            #expect(response.headers["x-empty"] == "")
            #expect(response.headers["x-umlaut"] == "ä")
            #expect(response.headers["user-agent"] == "postroad")
        }
    }
}
