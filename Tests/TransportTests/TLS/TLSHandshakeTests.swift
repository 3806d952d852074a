import Synchronization
import Testing

@testable import Transport

@Suite struct TLSHandshakeTests {
    @Test("bytes go both ways, and both ends know what was agreed")
    func simple() async throws {
        let seen = Mutex<StreamSecurity?>(nil)
        try await withTLS(serve: { stream in
            seen.withLock { $0 = stream.security }
            await echo(stream)
        }) { pair in
            let stream = try await pair.connect()
            #expect(try await stream.exchange("hello") == "hello")
            #expect(stream.security?.version == .tls13)
            #expect(stream.security?.cipher == "TLS_AES_128_GCM_SHA256")
            #expect(stream.security?.peerCertificate?.names == ["localhost"])
            try await stream.shutdownWriting()
            #expect(try await stream.read(timeout: .seconds(20)) == nil)
        }
        #expect(seen.withLock { $0?.serverName } == "localhost")
        #expect(seen.withLock { $0?.peerCertificate } == nil)
    }

    @Test(
        "the server chooses its best protocol among those offered",
        arguments: [
            (["h2", "http/1.1"], ["http/1.1", "h2"], "h2"), (["h2", "http/1.1"], ["http/1.1"], "http/1.1"),
            ([], ["h2"], nil), (["h2"], [], nil),
        ] as [([String], [String], String?)])
    func applicationProtocol(server: [String], client: [String], expected: String?) async throws {
        try await withTLS({ $0.applicationProtocols = server }, client: { $0.applicationProtocols = client }) { pair in
            let stream = try await pair.connect()
            #expect(stream.security?.applicationProtocol == expected)
        }
    }

    @Test("a client that has none of the server's protocols is refused")
    func noProtocol() async throws {
        try await withTLS(
            { $0.applicationProtocols = ["http/1.1"] }, client: { $0.applicationProtocols = ["smtp"] }
        ) { pair in
            let error = await #expect(throws: TransportError.self) { try await pair.connect() }
            #expect(error == .tls(.handshakeFailed(reason: "tlsv1 alert no application protocol")))
        }
    }

    @Test("a protocol name must have 1 to 255 bytes", arguments: ["", String(repeating: "x", count: 256)])
    func badProtocol(name: String) throws {
        let certificate = TLSCertificate(try makeCertificate("a"))
        #expect(throws: TLSError.badProtocolName(name)) {
            try TLSServerContext(
                TLSServerConfiguration(certificates: [certificate], applicationProtocols: [name]))
        }
    }

    @Test(
        "the certificate is that of the name asked for: exact before wildcard, else the first",
        arguments: [
            ("localhost", "localhost"), ("a.example.org", "a.example.org"), ("A.Example.Org", "a.example.org"),
            ("b.example.org", "*.example.org"), ("c.b.example.org", nil), ("example.org", nil),
        ] as [(String, String?)])
    func serverName(asked: String, expected: String?) async throws {
        let made = try [
            makeCertificate("localhost"), makeCertificate("*.example.org"), makeCertificate("a.example.org"),
        ]
        try await withTLS(
            { $0.certificates = made.map { TLSCertificate($0) } },
            client: { $0.trust = .text(made.map(\.certificate).joined()) }
        ) { pair in
            guard let expected else {
                await #expect(throws: TransportError.tls(.untrusted(reason: "hostname mismatch"))) {
                    try await pair.connect(as: asked)
                }
                return
            }
            let stream = try await pair.connect(as: asked)
            #expect(stream.security?.peerCertificate?.names == [expected])
        }
    }

    @Test("a server is verified by its address too")
    func address() async throws {
        try await withTLS { pair in
            let stream = try await pair.connect(as: "127.0.0.1")
            #expect(try await stream.exchange("x") == "x")
            await #expect(throws: TransportError.tls(.untrusted(reason: "IP address mismatch"))) {
                try await pair.connect(as: "127.0.0.2")
            }
        }
    }

    @Test("a server that nobody vouches for is not trusted")
    func untrusted() async throws {
        let failure = Mutex<TransportError?>(nil)
        let other = try makeCertificate("localhost").certificate
        try await withTLS(client: { $0.trust = .text(other) }, failed: { error in failure.withLock { $0 = error } }) {
            pair in
            await #expect(throws: TransportError.tls(.untrusted(reason: "self-signed certificate"))) {
                try await pair.connect()
            }
        }
        #expect(failure.withLock { $0 } == .tls(.handshakeFailed(reason: "tlsv1 alert unknown ca")))
    }

    @Test("a name that is none is refused before anything is sent", arguments: ["", "a\0b"])
    func badName(name: String) async throws {
        try await withTLS { pair in
            await #expect(throws: TransportError.tls(.badName(name))) { try await pair.connect(as: name) }
        }
    }
}
