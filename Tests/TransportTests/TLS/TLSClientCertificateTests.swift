import Synchronization
import Testing

@testable import Transport

@Suite struct TLSClientCertificateTests {
    enum Demand: CaseIterable { case none, request, require }

    /// What the server sees of a client with this certificate, or nil when it does not get in.
    private func seen(
        _ demand: Demand, authority: SelfSignedCertificate, client: SelfSignedCertificate?
    ) async throws -> StreamSecurity.PeerCertificate?? {
        let seen = Mutex<StreamSecurity.PeerCertificate??>(nil)
        let trust = TLSTrust.text(authority.certificate)
        try await withTLS(
            { configuration in
                configuration.clientCertificates =
                    switch demand {
                    case .none: .none
                    case .request: .request(trust)
                    case .require: .require(trust)
                    }
            }, client: { $0.certificate = client.map { TLSCertificate($0) } },
            serve: { stream in
                seen.withLock { $0 = .some(stream.security?.peerCertificate) }
                await echo(stream)
            }
        ) { pair in
            // With TLS 1.3 a client learns of a refusal with its first read.
            let answer = try? await pair.connect().exchange("x")
            #expect((answer == "x") == seen.withLock { $0 != nil })
        }
        return seen.withLock { $0 }
    }

    @Test("a certificate that the authority vouches for is seen where it is asked for", arguments: Demand.allCases)
    func trusted(demand: Demand) async throws {
        let client = try makeCertificate("peer.example")
        let seen = try await seen(demand, authority: client, client: client)
        let expected = StreamSecurity.PeerCertificate(
            subject: "CN=peer.example", names: ["peer.example"], fingerprint: client.facts.fingerprint)
        #expect(seen == .some(demand == .none ? nil : expected))
    }

    @Test(
        "a client without a certificate gets in unless one is required",
        arguments: [(Demand.none, true), (.request, true), (.require, false)])
    func without(demand: Demand, isLetIn: Bool) async throws {
        let seen = try await seen(demand, authority: makeCertificate("peer.example"), client: nil)
        #expect((seen != nil) == isLetIn)
        #expect(seen != .some(.none) || isLetIn)
    }

    @Test(
        "a certificate that nobody vouches for does not get in where one is asked for",
        arguments: [(Demand.none, true), (.request, false), (.require, false)])
    func untrusted(demand: Demand, isLetIn: Bool) async throws {
        let seen = try await seen(
            demand, authority: makeCertificate("peer.example"), client: makeCertificate("peer.example"))
        #expect((seen != nil) == isLetIn)
    }
}
