import TestSupport
import Testing
import Transport

@Suite(.enabled(if: Nginx.isInstalled, "nginx or openssl is not installed")) struct HTTPClientNginxTests {
    @Test("many requests at one time share one connection by HTTP/2, the first of them included")
    func multiplexing() async throws {
        try await withNginx { nginx, client async throws in
            let loop = try #require(nginx.loop)
            let task = Task(executorPreference: loop) {
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<200 { group.addTask { try await client.send(nginx.request()).text } }
                    for try await text in group { #expect(text == "HTTP/2.0") }
                }
            }
            try await task.value
            #expect(try nginx.connections() == 1)
            let alone = Task(executorPreference: loop) { try await client.send(nginx.request()) }
            #expect(try await alone.value.status == .ok)
            #expect(try nginx.connections() == 1)
        }
    }

    @Test("HTTP/1.1 is spoken when it is asked for, and what streams has a connection of its own")
    func versions() async throws {
        try await withNginx { nginx, client async throws in
            var request = nginx.request()
            request.version = .http1
            #expect(try await client.send(request).text == "HTTP/1.1")
            request.version = .http2
            #expect(try await client.send(request).text == "HTTP/2.0")
            request.version = .negotiated
            let text = try await client.stream(request) { _, body in try await body.collect() }
            #expect(String(decoding: text, as: UTF8.self) == "HTTP/1.1")
        }
    }

    @Test("a compressed body arrives plain, within its limit", arguments: [true, false])
    func compression(streams: Bool) async throws {
        try await withNginx { nginx, client async throws in
            var request = nginx.request(.get, "/plain.txt")
            let count =
                streams
                ? try await client.stream(request) { _, body in try await body.collect().count }
                : try await client.send(request).body.count
            #expect(count == 1_000_000)
            // The wire has some thousand bytes only.
            request.responseLimit = 900_000
            let small = request
            await #expect(
                throws: HTTPClientError.responseTooLarge(host: "localhost", limit: 900_000, status: .ok)
            ) {
                if streams {
                    _ = try await client.stream(small) { _, body in try await body.collect() }
                } else {
                    _ = try await client.send(small)
                }
            }
            let plain = nginx.request(.get, "/plain.txt").with { $0.acceptsCompression = false }
            #expect(try await client.send(plain).headers["content-encoding"] == nil)
        }
    }

    @Test("a body that streams out comes back whole, of known length or in chunks", arguments: [nil, 400_000])
    func upload(count: Int?) async throws {
        try await withNginx("", CountingHandler()) { nginx, client async throws in
            var request = nginx.request(.put, "/echo")
            request.bodySource = HTTPUploadSource(count: count) { write in
                for index in 0..<400 { try await write([UInt8](repeating: UInt8(index & 0xFF), count: 1000)) }
            }
            for version in [HTTPClientVersion.negotiated, .http2] {
                request.version = version
                #expect(try await client.send(request).text == "400000")
            }
        }
    }

    @Test("a server that is not the one it claims to be gets no request, and the error tells why")
    func strangers() async throws {
        try await withNginx { nginx, client async throws in
            let name = await #expect(throws: HTTPClientError.self) {
                try await client.send(nginx.request(host: "example.org"))
            }
            #expect(name?.description.contains("matches target host name 'example.org'") == true)
            let unknown = nginx.request().with { $0.security = HTTPClientSecurity() }
            let authority = await #expect(throws: HTTPClientError.self) { try await client.send(unknown) }
            #expect(authority?.description.contains("unable to get local issuer certificate") == true)
            for error in [name, authority] {
                guard case .insecure = error else { throw error ?? .invalidURL }
                #expect(error?.requestWasSent == false)
            }
        }
    }

    @Test("a certificate is shown to a server that asks for one, and the error names a file that cannot be used")
    func clientCertificate() async throws {
        try await withNginx("ssl_verify_client optional; ssl_client_certificate ca.pem;") {
            nginx, client async throws in
            #expect(try await client.send(nginx.request(.get, "/client")).text == "NONE ")
            let security = HTTPClientSecurity(
                authorityFile: nginx.authority, certificateFile: nginx.clientCertificate)
            let shown = nginx.request(.get, "/client").with { $0.security = security }
            #expect(try await client.send(shown).text == "SUCCESS CN=peer")
            // The connection that showed it is not lent to a request that has none.
            #expect(try await client.send(nginx.request(.get, "/client")).text == "NONE ")
            var missing = security
            missing.certificateFile = nginx.folder + "/none.pem"
            let broken = missing
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.send(nginx.request().with { $0.security = broken })
            }
            #expect(error?.description.contains("none.pem") == true)
        }
    }

    @Test("a server that insists on a certificate refuses a request without one")
    func missingCertificate() async throws {
        try await withNginx("ssl_verify_client on; ssl_client_certificate ca.pem;") { nginx, client async throws in
            #expect(try await client.send(nginx.request()).status == .badRequest)
        }
    }
}

/// Answers with the number of bytes it got, without keeping them.
struct CountingHandler: HTTPHandler {
    func bodyLimit(for head: HTTPRequestHead) -> Int { 1 << 30 }
    func streamsBody(for head: HTTPRequestHead) -> Bool { true }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        var count = 0
        do {
            while let bytes = try await request.bodyReader?.next() { count += bytes.count }
        } catch {
            return HTTPResponse(.badRequest, text: "\(error)")
        }
        return HTTPResponse(.ok, text: "\(count)")
    }
}

extension HTTPClientRequest {
    /// The request with a change.
    func with(_ change: (inout HTTPClientRequest) -> Void) -> HTTPClientRequest {
        var request = self
        change(&request)
        return request
    }
}

extension HTTPClientBody {
    /// All of the body.
    func collect() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = try await next() { bytes += more }
        return bytes
    }
}
