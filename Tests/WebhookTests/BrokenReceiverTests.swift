import AdapterKit
import AdapterTestSupport
import Logging
import Messages
import TestSupport
import Testing
import Transport

@testable import Webhook

/// Receivers that fail without an answer: what counts is whether they may have the message.
@Suite struct BrokenReceiverTests {
    @Test("a receiver that takes the request and closes may have the message")
    func closesEarly() async throws {
        try await withRawReceiver { connection in
            _ = try? await connection.read()
        } deliver: { receipt in
            guard case .unknown = receipt else {
                Issue.record("expected unknown, not \(receipt)")
                return
            }
        }
    }

    @Test("a receiver that does not answer in time may have the message")
    func slow() async throws {
        try await withRawReceiver { connection in
            while (try? await connection.read()) ?? nil != nil {}
        } deliver: { receipt in
            guard case .unknown(let reason) = receipt else {
                Issue.record("expected unknown, not \(receipt)")
                return
            }
            #expect(reason.contains("did not answer in time"))
        }
    }

    @Test("a receiver that cannot be reached does not have it")
    func unreachable() async throws {
        try await withAdapterFixture(mailbox: "hook") { fixture in
            let address = try await Self.freeAddress(fixture)
            for url in ["http://\(address)", "http://no-such-host.invalid/"] {
                let adapter = try Self.adapter(url, fixture)
                guard case .deferred(let reason, nil) = try await adapter.deliver(fixture.dispatch(to: "crm")) else {
                    Issue.record("expected a deferral")
                    return
                }
                #expect(!reason.isEmpty)
            }
        }
    }

    @Test(
        "what a failure means",
        arguments: [
            (HTTPClientError.invalidURL, "rejected"), (.privateAddress(.v4(0x0A00_0001)), "rejected"),
            (.unresolvable(host: "a"), "deferred"), (.connectionFailed(host: "a", detail: "b"), "deferred"),
            (.insecure(host: "a", detail: "b"), "deferred"), (.timedOut(host: "a", requestWasSent: false), "deferred"),
            (.timedOut(host: "a", requestWasSent: true), "unknown"),
            (.connectionLost(host: "a", detail: "b", requestWasSent: true), "unknown"),
            (.cancelled(requestWasSent: true), "unknown"), (.stopped(requestWasSent: false), "deferred"),
            (.responseTooLarge(host: "a", limit: 1, status: .ok), "delivered"),
            (.responseTooLarge(host: "a", limit: 1, status: .internalServerError), "deferred"),
            (.responseTooLarge(host: "a", limit: 1, status: .badRequest), "rejected"),
        ])
    func meaning(error: HTTPClientError, word: String) {
        let found =
            switch WebhookAdapter.receipt(for: error) {
            case .delivered: "delivered"
            case .deferred: "deferred"
            case .rejected: "rejected"
            case .unknown: "unknown"
            }
        #expect(found == word)
    }

    private static func adapter(_ url: String, _ fixture: AdapterFixture) throws -> WebhookAdapter {
        try fixture.adapter(
            WebhookAdapter.self,
            "{allow_private: true, endpoints: {crm: {url: \"\(url)\", secret: \(Receiver.secret), timeout: 200ms}}}")
    }

    /// An address that nobody listens at: one that somebody just stopped listening at.
    private static func freeAddress(_ fixture: AdapterFixture) async throws -> SocketAddress {
        let listener = try await Listener.bind(
            to: SocketAddress("127.0.0.1:0"), on: fixture.loops, logger: Logger(sink: fixture.log))
        await listener.shutdown(within: .zero)
        return listener.localAddress
    }

    /// Delivers once to a receiver that does this with its connection.
    private func withRawReceiver(
        _ serve: @escaping @Sendable (Connection) async -> Void, deliver check: (Receipt) -> Void
    ) async throws {
        try await withAdapterFixture(mailbox: "hook") { fixture in
            let listener = try await Listener.bind(
                to: SocketAddress("127.0.0.1:0"), on: fixture.loops, logger: Logger(sink: fixture.log))
            async let serving: Void = listener.run(serve)
            let adapter = try Self.adapter("http://\(listener.localAddress)", fixture)
            let receipt = try await adapter.deliver(fixture.dispatch(to: "crm"))
            await listener.shutdown(within: .zero)
            await serving
            check(receipt)
        }
    }
}
