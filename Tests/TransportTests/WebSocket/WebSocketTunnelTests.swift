import Synchronization
import TestSupport
import Testing

@testable import Transport

/// WebSockets of the client through TLS and proxies.
@Suite struct WebSocketTunnelTests {
    /// Runs an echoing server over TLS, and lends its port and the file of its certificate.
    static func withSecureServer(
        _ body: @escaping (UInt16, EventLoopGroup, _ certificate: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let made = try makeCertificate("localhost")
            try write(made.certificate, to: "\(folder)/cert.pem")
            let tls = try TLSServerContext(TLSServerConfiguration(certificates: [TLSCertificate(made)]))
            let handler = WebSocketHandler.echo(WebSocketClientTests.patient)
            let server = HTTPServer(logger: .silent, handler: handler)
            try await withGroup { group in
                let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
                async let running: Void = server.run(on: listener, tls: tls)
                let result: Result<Void, any Error>
                do {
                    result = .success(try await body(listener.localAddress.port ?? 0, group, "\(folder)/cert.pem"))
                } catch {
                    result = .failure(error)
                }
                await listener.shutdown(within: .zero)
                await running
                try result.get()
            }
        }
    }

    static func echo(_ client: HTTPClient, _ url: String, _ text: String) async throws -> WebSocketMessage? {
        try await client.webSocket(WebSocketClientTests.request(url)) { socket in
            try await socket.send(text)
            return try await socket.receive()
        }
    }

    @Test("large messages go both ways through TLS")
    func secure() async throws {
        try await Self.withSecureServer { port, group, certificate in
            let security = HTTPClientSecurity(authorityFile: certificate)
            let client = HTTPClient(group: group, configuration: HTTPClientConfiguration(security: security))
            defer { client.shutdown() }
            let configuration = WebSocketConfiguration(closeTimeout: .seconds(20), compression: nil)
            let request = WebSocketClientTests.request("wss://localhost:\(port)/", configuration)
            try await client.webSocket(request) { socket in
                for size in [1, 16_384, 16_385, 1_000_000] {
                    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
                    try await socket.send(bytes)
                    let answer = try await socket.receive()
                    #expect(answer == .binary(bytes))
                }
            }
        }
    }

    @Test("a server whose certificate nobody vouches for is not talked to")
    func untrusted() async throws {
        try await Self.withSecureServer { port, group, _ in
            let client = HTTPClient(group: group)
            defer { client.shutdown() }
            do {
                _ = try await Self.echo(client, "wss://localhost:\(port)/", "secret")
                Issue.record("the server was trusted")
            } catch WebSocketConnectError.http(.insecure) {
                return
            }
        }
    }

    @Test("proxies are asked for a tunnel, for ws as for wss", arguments: ["http", "socks5h"], [true, false])
    func proxies(_ kind: String, _ isSecure: Bool) async throws {
        let asked = Mutex<[String]>([])
        try await Self.withSecureServer { port, group, certificate in
            let plain = HTTPServer(
                logger: .silent, handler: WebSocketHandler.echo(WebSocketClientTests.patient))
            let open = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            async let serving: Void = plain.run(on: open)
            let target = isSecure ? SocketAddress.ip(.v4(0x7F00_0001), port: port) : open.localAddress
            let proxy = TestProxy(isSOCKS: kind != "http", target: target) { name in asked.withLock { $0.append(name) }
            }
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            async let proxying: Void = listener.run { await proxy.serve($0) }
            let client = HTTPClient(
                group: group,
                configuration: HTTPClientConfiguration(
                    proxy: try HTTPProxy("\(kind)://\(listener.localAddress)"),
                    security: HTTPClientSecurity(authorityFile: certificate)))
            let answer = try? await Self.echo(client, isSecure ? "wss://localhost/" : "ws://far.example/", "hello")
            client.shutdown()
            for listener in [listener, open] { await listener.shutdown(within: .zero) }
            _ = await (proxying, serving)
            #expect(answer == .text("hello"))
        }
        #expect(asked.withLock { $0 } == [isSecure ? "localhost:443" : "far.example:80"])
    }
}

/// A proxy that leads wherever the test wants, whatever it is asked for.
struct TestProxy: Sendable {
    let isSOCKS: Bool
    let target: SocketAddress
    let asked: @Sendable (String) -> Void

    func serve(_ connection: Connection) async {
        do {
            if isSOCKS { try await answerSOCKS(connection) } else { try await answerConnect(connection) }
            let far = try await Connection.connect(to: target, on: connection.loop)
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await Self.copy(connection, to: far) }
                tasks.addTask { await Self.copy(far, to: connection) }
            }
            far.close()
        } catch {
            connection.close()
        }
    }

    private func answerConnect(_ connection: Connection) async throws {
        let request = try await connection.readThrough("\r\n\r\n")
        let words = request.split(separator: " ")
        guard words.first == "CONNECT" else { return asked("no CONNECT: \(request)") }
        asked(String(words[1]))
        try await connection.write("HTTP/1.1 200 OK\r\n\r\n")
    }

    /// RFC 1928 §3 and §4, for names.
    private func answerSOCKS(_ connection: Connection) async throws {
        let methods = try await connection.readExactly(2)
        _ = try await connection.readExactly(Int(methods[1]))
        try await connection.write([5, 0])
        let head = try await connection.readExactly(5)
        let rest = try await connection.readExactly(Int(head[4]) + 2)
        let name = String(decoding: rest.dropLast(2), as: UTF8.self)
        asked("\(name):\(Int(rest[rest.count - 2]) << 8 | Int(rest[rest.count - 1]))")
        try await connection.write([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    }

    private static func copy(_ source: Connection, to target: Connection) async {
        do {
            while let bytes = try await source.read() { try await target.write(bytes) }
            try await target.shutdownWriting()
        } catch {
            source.close()
            target.close()
        }
    }
}
