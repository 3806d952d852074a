import TestSupport
import Testing

@testable import Transport

@Suite struct TLSReloadTests {
    /// Runs a server whose certificate is in files, with a client that trusts both certificates.
    private func withFiles(
        _ body: @escaping (TLSPair, _ folder: String, _ next: SelfSignedCertificate) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let old = try makeCertificate("localhost", "old")
            // Younger, and still not taken for the old one.
            let new = try TLSCertificate.selfSigned(names: ["localhost", "new"], validFor: .seconds(800 * 86_400))
            try write(old.certificate, to: "\(folder)/chain.pem")
            try write(old.key, to: "\(folder)/key.pem")
            let certificate = TLSCertificate(chainFile: "\(folder)/chain.pem", keyFile: "\(folder)/key.pem")
            try await withTLS(
                { $0.certificates = [certificate] },
                client: {
                    $0.trust = .text(old.certificate + new.certificate)
                    $0.resumesSessions = false
                }
            ) { try await body($0, folder, new) }
        }
    }

    @Test("new connections get the new certificate, open ones go on")
    func reload() async throws {
        try await withFiles { pair, folder, new in
            let first = try await pair.connect()
            #expect(first.security?.peerCertificate?.names == ["localhost", "old"])
            try write(new.certificate, to: "\(folder)/chain.pem")
            try write(new.key, to: "\(folder)/key.pem")
            try pair.server.reload()
            let second = try await pair.connect()
            #expect(second.security?.peerCertificate?.names == ["localhost", "new"])
            #expect(try await first.exchange("still here") == "still here")
            #expect(pair.server.certificates.map(\.names) == [["localhost", "new"]])
        }
    }

    @Test("a bad file changes nothing")
    func bad() async throws {
        try await withFiles { pair, folder, new in
            try write(new.certificate, to: "\(folder)/chain.pem")
            #expect(throws: TLSError.mismatch(chain: "\(folder)/chain.pem", key: "\(folder)/key.pem")) {
                try pair.server.reload()
            }
            let stream = try await pair.connect()
            #expect(stream.security?.peerCertificate?.names == ["localhost", "old"])
            #expect(pair.server.certificates.map(\.names) == [["localhost", "old"]])
        }
    }

    @Test("a reload under handshakes breaks none of them")
    func busy() async throws {
        try await withFiles { pair, _, _ in
            let clients = (0..<20).map { _ in Task { try await pair.connect().exchange("x") } }
            for _ in 0..<20 {
                try pair.server.reload()
                await Task.yield()
            }
            for client in clients {
                let answer = try await client.value
                #expect(answer == "x")
            }
        }
    }
}
