import Logging
import TestSupport
import Testing

@testable import Transport

@Suite struct ProxyProtocolGateTests {
    private let trusted = TrustedPeers(networks: [IPNetwork(containing: .v4(0x7F00_0001), prefixLength: 8)])

    /// What a server behind the gate learns of these bytes, and what it reads behind the header.
    private func pass(
        _ bytes: [UInt8], from peers: TrustedPeers, timeout: Duration = .seconds(20),
        recorder: LogRecorder = LogRecorder()
    ) async throws -> String {
        let gate = ProxyProtocolGate(
            ProxyProtocolConfiguration(proxies: peers, timeout: timeout), logger: Logger(level: .debug, sink: recorder))
        var answer = ""
        let serve: @Sendable (Connection) async -> Void = { connection in
            guard let stream = await gate.open(connection) else { return }
            do {
                var text = ""
                while let more = try await stream.read(timeout: .seconds(20)) {
                    text += String(decoding: more, as: UTF8.self)
                }
                try await stream.write(Array("\(stream.remoteAddress) \(stream.localAddress) \(text)".utf8))
            } catch {
                Issue.record(error)
            }
        }
        try await withListener(serve: serve) { listener, group in
            let connection = try await Connection.connect(to: listener.localAddress, on: group.loops[0])
            try await connection.write(bytes, timeout: .seconds(20))
            if timeout > .seconds(1) { try await connection.shutdownWriting() }
            do {
                answer = try await connection.readAll()
            } catch {
                // Closed with bytes unread is a reset.
                answer = ""
            }
        }
        return answer
    }

    @Test(
        "the client's addresses are those of the header, and what follows it is left for the server",
        arguments: [Array("PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\r\n".utf8), proxyHeader(proxied4)])
    func relayed(header: [UInt8]) async throws {
        let answer = try await pass(header + Array("EHLO x\r\n".utf8), from: trusted)
        #expect(answer == "192.0.2.1:4711 198.51.100.2:25 EHLO x\r\n")
    }

    @Test("a proxy that speaks for itself keeps its own address")
    func local() async throws {
        #expect(
            try await pass(proxyHeader(command: 0, family: 0, []) + Array("x".utf8), from: trusted).hasPrefix(
                "127.0.0.1:"))
        #expect(try await pass(Array("PROXY UNKNOWN\r\nx".utf8), from: trusted).hasSuffix(" x"))
    }

    @Test("whoever is not on the list cannot choose an address: a header is what it sends")
    func stranger() async throws {
        let answer = try await pass(Array("PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\r\n".utf8), from: TrustedPeers())
        #expect(answer.hasPrefix("127.0.0.1:"))
        #expect(answer.hasSuffix("PROXY TCP4 192.0.2.1 198.51.100.2 4711 25\r\n"))
    }

    @Test(
        "a proxy without a header, or with half of one, is cut off, and the log says so",
        arguments: ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "PROXY TCP4 1.2.3.4\r\n"])
    func missing(text: String) async throws {
        let recorder = LogRecorder()
        #expect(try await pass(Array(text.utf8), from: trusted, recorder: recorder) == "")
        #expect(recorder.events.contains { $0.level == .warning && $0.name == "proxy refused" })
    }

    @Test("a header that does not come in time ends the connection")
    func late() async throws {
        let recorder = LogRecorder()
        #expect(try await pass(Array("PROXY".utf8), from: trusted, timeout: .milliseconds(1), recorder: recorder) == "")
        #expect(recorder.text.contains("took too long"))
    }

    @Test("a look whether somebody listens is no warning")
    func healthCheck() async throws {
        let recorder = LogRecorder()
        #expect(try await pass([], from: trusted, recorder: recorder) == "")
        #expect(recorder.events.allSatisfy { $0.level == .debug })
    }

    @Test("the loopback of another machine does not pass for ours")
    func foreignLoopback() async throws {
        try await withLoop { loop in
            let header = ProxyHeader.relayed(source: .ip(.v4(0x7F00_0001), port: 1), destination: .anyPort)
            let far = ProxiedStream(ScriptedStream([], remote: .ip(.v4(0x0A00_0001), port: 9), on: loop), header)
            #expect(far.remoteAddress == .ip(.v4(0x0A00_0001), port: 9))
            let near = ProxiedStream(ScriptedStream([], on: loop), header)
            #expect(near.remoteAddress == .ip(.v4(0x7F00_0001), port: 1))
        }
    }
}
