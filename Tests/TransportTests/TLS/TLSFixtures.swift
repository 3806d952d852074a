import Testing

@testable import Transport

/// A certificate for these names, valid now.
func makeCertificate(_ names: String...) throws -> SelfSignedCertificate {
    try TLSCertificate.selfSigned(names: names)
}

/// A server, a client that trusts it, and the listener between them.
struct TLSPair {
    let server: TLSServerContext
    let client: TLSClientContext
    let listener: Listener
    let group: EventLoopGroup

    /// Connects and shakes hands.
    func connect(as name: String = "localhost", with other: TLSClientContext? = nil) async throws -> TLSStream {
        let connection = try await Connection.connect(to: listener.localAddress, on: group.next())
        return try await (other ?? client).connect(over: connection, serverName: name)
    }
}

/// Sends back what comes, until the other end closes.
@Sendable func echo(_ stream: TLSStream) async {
    do {
        while let bytes = try await stream.read() { try await stream.write(bytes) }
        try await stream.shutdownWriting()
    } catch {
        // The tests look at the other end.
        stream.close()
    }
}

/// Runs a TLS server, by default one for `localhost` that echoes, while the test's body runs.
func withTLS(
    _ configure: (inout TLSServerConfiguration) -> Void = { _ in },
    client configureClient: (inout TLSClientConfiguration) -> Void = { _ in },
    serve: @escaping @Sendable (TLSStream) async -> Void = { await echo($0) },
    failed: @escaping @Sendable (TransportError) -> Void = { _ in },
    _ body: @escaping (TLSPair) async throws -> Void
) async throws {
    let certificate = try makeCertificate("localhost", "127.0.0.1")
    var configuration = TLSServerConfiguration(certificates: [TLSCertificate(certificate)])
    configure(&configuration)
    var clientConfiguration = TLSClientConfiguration(trust: .text(certificate.certificate))
    configureClient(&clientConfiguration)
    let server = try TLSServerContext(configuration)
    let client = try TLSClientContext(clientConfiguration)
    try await withListener(serve: { connection in
        do throws(TransportError) {
            await serve(try await server.accept(connection))
        } catch {
            failed(error)
        }
    }) { listener, group in
        try await body(TLSPair(server: server, client: client, listener: listener, group: group))
    }
}

extension ByteStream {
    /// Reads until so many bytes have come, or the end.
    func readExactly(_ count: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count, let more = try await read(max: count - bytes.count, timeout: .seconds(20)) {
            bytes += more
        }
        return bytes
    }

    /// Writes the text and returns as many bytes as it has.
    func exchange(_ text: String) async throws -> String {
        try await write(Array(text.utf8))
        return String(decoding: try await readExactly(text.utf8.count), as: UTF8.self)
    }
}
