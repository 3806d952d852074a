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
}
