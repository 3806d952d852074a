import Testing
import Transport

@Suite struct HTTPClientProxyTests {
    /// Lends a proxy in front of an echoing server, and a client that is to use it.
    static func withProxy(
        _ scheme: String, credentials: String = "", exceptions: String = "", answering: String? = nil,
        _ body: @escaping (HTTPClient, ProxyLog, SocketAddress) async throws -> Void
    ) async throws {
        let log = ProxyLog()
        try await withServer(EchoHandler()) { target, group in
            let http = HTTPProxyServer(
                target: target.localAddress, loop: group.next(), log: log, answersItself: answering)
            let socks = SOCKSServer(target: target.localAddress, loop: group.next(), log: log)
            let isSOCKS = scheme.hasPrefix("socks")
            try await withListener(serve: { isSOCKS ? await socks.serve($0) : await http.serve($0) }) { proxy, group in
                let configuration = HTTPClientConfiguration(
                    proxy: try HTTPProxy("\(scheme)://\(credentials)\(proxy.localAddress)"),
                    proxyExceptions: try HTTPProxyExceptions(exceptions))
                let client = HTTPClient(group: group, configuration: configuration)
                try await body(client, log, target.localAddress)
                client.shutdown()
            }
        }
    }

    @Test("an HTTP proxy gets the whole URL, with its credentials, and resolves the name")
    func http() async throws {
        try await Self.withProxy("http", credentials: "us%40er:pa%3Ass@") { client, log, _ async throws in
            let response = try await client.send(HTTPClientRequest(.post, "http://far.invalid/p", body: [0x78]))
            #expect(response.text == "POST http://far.invalid/p x" || response.text == "POST /p x")
            #expect(log.all == ["POST http://far.invalid/p HTTP/1.1 Basic dXNAZXI6cGE6c3M="])
        }
    }

    @Test("a SOCKS proxy gets the name, or the address that was resolved here", arguments: ["socks5h", "socks5"])
    func socks(scheme: String) async throws {
        try await Self.withProxy(scheme, credentials: "me:secret@") { client, log, _ async throws in
            let name = scheme == "socks5h" ? "far.invalid" : "localhost"
            let request = HTTPClientRequest(.post, "http://\(name)/p", body: [0x78], privateAddresses: .allowed)
            let response = try await client.send(request)
            #expect(response.text == "POST /p x")
            #expect(log.all == ["user me", scheme == "socks5h" ? "name far.invalid" : "address"])
        }
    }

    @Test("hosts that are excepted are asked directly, and their addresses looked at")
    func exceptions() async throws {
        try await Self.withProxy("http", exceptions: "localhost, 127.0.0.0/8, .client.test") { client, log, target in
            let port = try #require(target.port)
            let allowed = HTTPClientRequest(.get, "http://127.0.0.1:\(port)/", privateAddresses: .allowed)
            _ = try await client.send(allowed)
            #expect(log.all == [])
            if NameService.isInPlace {
                NameService.set("inside.client.test", [["127.0.0.1"]])
                await #expect(throws: HTTPClientError.privateAddress(.v4(0x7F00_0001))) {
                    try await client.send(HTTPClientRequest(.get, "http://inside.client.test:\(port)/"))
                }
            }
        }
    }

    @Test(
        "a redirect seen through a proxy does not lead to a private address",
        arguments: ["http://127.0.0.1:9/", "http://[::1]/", "http://localhost/", "http://0x7f.1/", "//127.1/"])
    func redirects(target: String) async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
        try await Self.withProxy("http", answering: answer) { client, log, _ async throws in
            let request = HTTPClientRequest(.get, "http://far.invalid/", followRedirects: 3)
            let error = await #expect(throws: HTTPClientError.self) { try await client.send(request) }
            guard case .privateAddress = error else { throw error ?? .invalidURL }
            #expect(log.all.count == 1)
        }
    }

    @Test("a proxy that refuses is told from a server that does, without its password")
    func refusing() async throws {
        let answer = "HTTP/1.1 407 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        try await Self.withProxy("http", credentials: "me:s3cret@", answering: answer) { client, _, _ in
            let error = await #expect(throws: HTTPClientError.self) {
                try await client.send(HTTPClientRequest(.get, "https://far.invalid/"))
            }
            #expect(error?.description.contains("407") == true)
            #expect(error?.requestWasSent == false)
            #expect(error?.description.contains("s3cret") == false)
            let shown = "\(client.configuration) \(String(reflecting: client.configuration))"
            #expect(!shown.contains("s3cret") && shown.contains("127.0.0.1"))
        }
    }

    @Test("HTTPS goes through a CONNECT proxy to the server itself", .enabled(if: Nginx.isInstalled))
    func tunnel() async throws {
        try await withNginx { nginx, _ in
            let log = ProxyLog()
            try await withGroup { group in
                let proxy = HTTPProxyServer(target: .unix(path: nginx.socket), loop: group.next(), log: log)
                try await withListener(serve: { await proxy.serve($0) }) { listener, group in
                    let configuration = HTTPClientConfiguration(
                        proxy: try HTTPProxy("http://\(listener.localAddress)"))
                    let client = HTTPClient(group: group, configuration: configuration)
                    let request = HTTPClientRequest(
                        .get, "https://localhost/", privateAddresses: .allowed,
                        security: HTTPClientSecurity(authorityFile: nginx.authority))
                    let response = try await client.send(request)
                    #expect(response.text == "HTTP/2.0")
                    #expect(response.headers["x-proxy"] == nil)
                    #expect(log.all == ["CONNECT localhost:443 HTTP/1.1"])
                    client.shutdown()
                }
            }
        }
    }

    @Test(
        "what is no proxy is refused",
        arguments: ["", "proxy:3128", "ftp://a", "http://", "http://a/b", "http://a:0", "socks4://a"])
    func invalid(text: String) {
        #expect(throws: HTTPProxyError.self) { try HTTPProxy(text) }
    }
}
