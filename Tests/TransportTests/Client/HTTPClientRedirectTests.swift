import Testing
import Transport

@Suite struct HTTPClientRedirectTests {
    /// Sends `/301` and so on to `/end`, and tells there what arrived.
    struct Signpost: HTTPHandler {
        var target = "/end"

        func bodyLimit(for head: HTTPRequestHead) -> Int { 1000 }
        func respond(to request: HTTPRequest) async -> HTTPResponse {
            guard let status = Int(request.path.dropFirst()) else {
                let secrets = ["Authorization", "Cookie", "X-Other"].map { request.headers[$0] ?? "-" }
                let body = String(decoding: request.body, as: UTF8.self)
                return HTTPResponse(.ok, text: "\(request.method) \(body) \(secrets.joined(separator: " "))")
            }
            return HTTPResponse(
                HTTPStatus(rawValue: status), headers: ["Location": target],
                body: .bytes([UInt8](repeating: 0x63, count: 200_000)))
        }
    }

    @Test(
        "the method and the body follow as the status says",
        arguments: [
            (301, "POST", "GET "), (302, "POST", "GET "), (303, "POST", "GET "), (307, "POST", "POST some"),
            (308, "POST", "POST some"), (301, "PUT", "PUT some"), (303, "PUT", "GET "), (302, "GET", "GET "),
        ])
    func methods(status: Int, method: String, expected: String) async throws {
        try await withClient(Signpost()) { client, listener async throws in
            let body = method == "GET" ? "" : "some"
            var request = HTTPClientRequest.to(listener, HTTPMethod(rawValue: method), "/\(status)", body: body)
            request.headers = ["Authorization": "a", "Cookie": "c", "X-Other": "o"]
            request.followRedirects = 1
            // The redirect's own body, which is longer, is nobody's.
            request.responseLimit = 1000
            let response = try await client.send(request)
            #expect(response.text == "\(expected) a c o")
            #expect(response.effectiveURL.hasSuffix("/end"))
            let streamed = request
            let text = try await client.stream(streamed) { _, body in try await body.collect() }
            #expect(String(decoding: text, as: UTF8.self) == "\(expected) a c o")
        }
    }

    @Test("another server gets neither credentials nor cookies")
    func secrets() async throws {
        try await withClient(Signpost()) { client, other in
            let host = "\(other.localAddress)"
            try await withServer(Signpost(target: "http://\(host)/end")) { listener, _ in
                var request = HTTPClientRequest.to(listener, .get, "/302")
                request.headers = ["Authorization": "a", "Cookie": "c", "X-Other": "o"]
                request.followRedirects = 1
                let response = try await client.send(request)
                #expect(response.text == "GET  - - o")
            }
        }
    }

    @Test("a body that can be sent once is not sent again, and one that can be is")
    func bodies() async throws {
        try await withClient(Signpost()) { client, listener async throws in
            var request = HTTPClientRequest.to(listener, .post, "/307")
            request.followRedirects = 1
            request.bodySource = HTTPClientUploadTests.source(pieces: 1, size: 3)
            let once = request
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(once) }
            let reason = "the request's body can be sent only once"
            #expect(error == .redirectRefused(host: "\(listener.localAddress)", reason: reason))
            request.bodySource = HTTPClientUploadTests.source(pieces: 1, size: 3, isReplayable: true)
            let response = try await client.send(request)
            #expect(response.text == "POST bbb - - -")
        }
    }

    @Test(
        "a redirect to what is no HTTP is refused",
        arguments: ["file:///etc/passwd", "ftp://a/", "http://", "http://a b/"])
    func schemes(target: String) async throws {
        try await withClient(Signpost(target: target)) { client, listener async throws in
            var request = HTTPClientRequest.to(listener, .get, "/302")
            request.followRedirects = 3
            let followed = request
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(followed) }
            guard case .redirectRefused = error else { throw error ?? .invalidURL }
        }
    }
}
