import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite struct TLSHostileTests {
    /// What the server says when a client sends these bytes and then closes, or is silent.
    private func failure(
        _ bytes: [UInt8], timeout: Duration = .seconds(20), closes: Bool
    ) async throws -> TransportError? {
        let failure = Mutex<TransportError?>(nil)
        try await withTLS({ $0.handshakeTimeout = timeout }, failed: { error in failure.withLock { $0 = error } }) {
            pair in
            let connection = try await Connection.connect(to: pair.listener.localAddress, on: pair.group.next())
            if !bytes.isEmpty { try await connection.write(bytes) }
            if closes { try await connection.shutdownWriting() }
            // The server's alert, or nothing, and the end.
            _ = try? await connection.readAll()
        }
        return failure.withLock { $0 }
    }

    private static let hello: [UInt8] =
        [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3] + (0..<60).map { UInt8($0) }

    @Test(
        "a client that stops in the middle of a handshake is let go at the deadline", arguments: [[], [22], hello])
    func late(bytes: [UInt8]) async throws {
        let failure = try await failure(bytes, timeout: .milliseconds(50), closes: false)
        #expect(failure == .timedOut(operation: "the TLS handshake"))
    }

    @Test("a client that goes in the middle of a handshake is no more than that", arguments: [[], [22], hello])
    func gone(bytes: [UInt8]) async throws {
        #expect(try await failure(bytes, closes: true) == .tls(.truncated))
    }

    @Test(
        "what is no TLS is refused at once",
        arguments: [
            [UInt8](repeating: 0, count: 100), [UInt8](repeating: 255, count: 100_000), Array("EHLO example\r\n".utf8),
            Array("SSH-2.0-OpenSSH\r\n".utf8), [22, 3, 1, 255, 255] + [UInt8](repeating: 1, count: 70_000),
            [22, 3, 1, 0, 4, 1, 255, 255, 255], [21, 3, 3, 0, 2, 2, 40], [23, 3, 3, 0, 1, 0],
        ])
    func garbage(bytes: [UInt8]) async throws {
        guard case .tls(.handshakeFailed) = try await failure(bytes, closes: false) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("random bytes, and hellos with random faults, never get in and never crash")
    func random() async throws {
        var random = SeededRandom(seed: 7)
        let certificate = try makeCertificate("localhost")
        let server = try TLSServerContext(TLSServerConfiguration(certificates: [TLSCertificate(certificate)]))
        let client = try TLSClientContext(TLSClientConfiguration(trust: .text(certificate.certificate)))
        let greeter = try client.machine(for: "localhost", at: .anyPort)
        #expect(try greeter.handshake() == false)
        let hello = greeter.takeOutbound()
        for _ in 0..<2_000 {
            var bytes = hello
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let machine = try server.current.machine()
            machine.feed(bytes)
            #expect((try? machine.handshake()) != true)
            #expect(machine.outboundCount < 10_000)
        }
    }

    @Test("a reader that never reads keeps no more than the socket and one piece waiting")
    func neverReads() async throws {
        let written = Mutex(0)
        let (ends, ended) = AsyncStream<Void>.makeStream()
        try await withTLS(serve: { stream in
            defer { ended.finish() }
            do throws(TransportError) {
                while true {
                    try await stream.write([UInt8](repeating: 1, count: 262_144), timeout: .milliseconds(200))
                    written.withLock { $0 += 262_144 }
                }
            } catch {
                #expect(error == .timedOut(operation: "write"))
            }
        }) { pair in
            let stream = try await pair.connect()
            for await _ in ends {}
            stream.close()
        }
        #expect(written.withLock { $0 } < 32 * 1_048_576)
    }

    @Test("a connection refused for its certificate leaves the others alone")
    func others() async throws {
        try await withTLS { pair in
            let stream = try await pair.connect()
            let distrustful = try TLSClientContext(
                TLSClientConfiguration(trust: .text(makeCertificate("x").certificate)))
            for _ in 0..<5 {
                await #expect(throws: TransportError.self) { try await pair.connect(with: distrustful) }
                #expect(try await stream.exchange("fine") == "fine")
            }
        }
    }
}
