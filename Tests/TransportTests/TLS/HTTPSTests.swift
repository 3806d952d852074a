import Glibc
import TestSupport
import Testing

@testable import Transport

/// Runs an HTTPS server for `localhost` while the body runs, with its certificate in a file.
func withHTTPS(
    _ configure: (inout TLSServerConfiguration) -> Void = { _ in },
    limits: HTTPServerConfiguration = HTTPServerConfiguration(),
    _ body: @escaping (Listener, EventLoopGroup, _ certificate: String) async throws -> Void
) async throws {
    try await withTemporaryFolder { folder in
        let made = try makeCertificate("localhost", "127.0.0.1")
        try write(made.certificate, to: "\(folder)/cert.pem")
        var configuration = TLSServerConfiguration(certificates: [TLSCertificate(made)])
        configure(&configuration)
        let tls = try TLSServerContext(configuration)
        let server = HTTPServer(configuration: limits, logger: .silent, handler: EchoHandler(limit: 1_000_000))
        try await withGroup { group in
            let listener = try await Listener.bind(to: .anyPort, on: group, logger: .silent)
            async let running: Void = server.run(on: listener, tls: tls)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(listener, group, "\(folder)/cert.pem"))
            } catch {
                result = .failure(error)
            }
            await listener.shutdown(within: .zero)
            await running
            try result.get()
        }
    }
}

func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
    guard let file = fopen(path, "w") else { throw ShellError.notStarted(errno) }
    fputs(text, file)
    fclose(file)
    chmod(path, mode)
}

@Suite struct HTTPSTests {
    @Test("curl speaks to it", arguments: ["--tlsv1.3", "--tls-max 1.2"])
    func curl(option: String) async throws {
        try await withHTTPS { listener, _, certificate in
            let url = "https://localhost:\(listener.localAddress.port ?? 0)"
            let answer = try await shell(
                "curl -sS -m 20 \(option) --cacert \(certificate) --data abc \(url)/one -d def \(url)/two")
            #expect(answer == "POST /one abc&defPOST /two abc&def")
        }
    }

    @Test("a request in plain HTTP is told to use TLS")
    func plain() async throws {
        try await withHTTPS { listener, _, _ in
            let answer = try await shell("curl -sS -m 20 -i http://127.0.0.1:\(listener.localAddress.port ?? 0)/")
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nThis port speaks TLS. Use https:// instead of http://.\n"))
        }
    }
}
