import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite struct TLSResumptionTests {
    /// Connects twice with one exchange each; the second time resumes the session, or not.
    private func connectTwice(
        _ pair: TLSPair, isResumed: Bool, between: () throws -> Void = {}
    ) async throws {
        let first = try await pair.connect()
        // The tickets come in front of the echo.
        #expect(try await first.exchange("a") == "a")
        #expect(first.security?.isResumed == false)
        first.close()
        try between()
        let second = try await pair.connect()
        #expect(try await second.exchange("b") == "b")
        #expect(second.security?.isResumed == isResumed)
    }

    @Test("a session is resumed, with the server's certificate known", arguments: [true, false])
    func resumed(byServer: Bool) async throws {
        try await withTLS({ $0.resumesSessions = byServer }) { pair in
            try await self.connectTwice(pair, isResumed: byServer)
        }
    }

    @Test("a client that does not want to resume does not")
    func unwanted() async throws {
        try await withTLS(client: { $0.resumesSessions = false }) { pair in
            try await self.connectTwice(pair, isResumed: false)
        }
    }

    @Test("sessions outlive a reload")
    func reload() async throws {
        try await withTLS { pair in
            try await self.connectTwice(pair, isResumed: true, between: { try pair.server.reload() })
        }
    }

    @Test(
        "a ticket's key opens for a day, and seals for half of it",
        arguments: [(0, true), (13 * 3_600, true), (25 * 3_600, false), (-3_600, true)] as [(Int64, Bool)])
    func keys(later: Int64, isResumed: Bool) async throws {
        let time = SharedTime()
        try await withTLS({ $0.currentTime = { time.now } }) { pair in
            try await self.connectTwice(pair, isResumed: isResumed, between: { time.advance(by: later) })
        }
    }

    @Test("a session from before a client had to show a certificate does not get in")
    func stricter() async throws {
        try await withTemporaryFolder { folder in
            let (one, two) = try (makeCertificate("one"), makeCertificate("two"))
            try write(one.certificate, to: "\(folder)/ca.pem")
            try await withTLS(
                { $0.clientCertificates = .require(.file("\(folder)/ca.pem")) },
                client: { $0.certificate = TLSCertificate(one) }
            ) { pair in
                let first = try await pair.connect()
                #expect(try await first.exchange("a") == "a")
                try write(two.certificate, to: "\(folder)/ca.pem")
                try pair.server.reload()
                // The client has a ticket, and a certificate that nobody vouches for any more.
                let second = try await pair.connect()
                #expect(second.security?.isResumed == false)
                await #expect(throws: TransportError.tls(.broken(reason: "tlsv1 alert unknown ca"))) {
                    try await second.exchange("b")
                }
                #expect(try await first.exchange("c") == "c")
            }
        }
    }
}

/// A time that a test moves.
final class SharedTime: Sendable {
    private let seconds: Mutex<Int64>

    init(_ seconds: Int64 = 1_900_000_000) {
        self.seconds = Mutex(seconds)
    }

    var now: Int64 { seconds.withLock { $0 } }

    func advance(by seconds: Int64) {
        self.seconds.withLock { $0 += seconds }
    }
}
