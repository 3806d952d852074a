import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import Webhook

/// An endpoint that answers 410 wants no more webhooks (Standard Webhooks, "Delivery").
@Suite struct GoneEndpointTests {
    static let gone = HTTPResponse(HTTPStatus(rawValue: 410))

    @Test("410 disables the endpoint, and the reason says how to enable it")
    func disables() async throws {
        try await withReceiver([Self.gone, HTTPResponse(.ok)]) { adapter, receiver, fixture, _ in
            for _ in 0..<2 {
                guard case .rejected(let reason) = try await adapter.deliver(fixture.dispatch(to: "crm")) else {
                    Issue.record("expected a rejection")
                    return
                }
                #expect(reason.contains("410") && reason.contains("postroad mailboxes reset hook"))
            }
            #expect(receiver.requests.count == 1)
            #expect(fixture.log.text.contains("endpoint disabled"))
        }
    }

    @Test("a restart does not enable it")
    func restart() async throws {
        try await withReceiver([Self.gone, HTTPResponse(.ok)]) { adapter, receiver, fixture, url in
            _ = try await adapter.deliver(fixture.dispatch(to: "crm"))
            let restarted = try Self.adapter("\(url)/hooks/crm", fixture)
            _ = try await restarted.deliver(fixture.dispatch(to: "crm"))
            #expect(receiver.requests.count == 1)
        }
    }

    @Test("another URL enables it, and so does a reset")
    func enables() async throws {
        try await withReceiver([Self.gone, HTTPResponse(.ok)]) { adapter, receiver, fixture, url in
            _ = try await adapter.deliver(fixture.dispatch(to: "crm"))
            let moved = try Self.adapter("\(url)/hooks/moved", fixture)
            try await #expect(
                moved.deliver(fixture.dispatch(to: "crm")) == .delivered(remoteIDs: [], detail: "HTTP 200"))
            #expect(receiver.requests.last?.path == "/hooks/moved")
            try await adapter.reset()
            try await #expect(
                adapter.deliver(fixture.dispatch(to: "crm")) == .delivered(remoteIDs: [], detail: "HTTP 200"))
            #expect(fixture.state.all.isEmpty)
        }
    }

    private static func adapter(_ url: String, _ fixture: AdapterFixture) throws -> WebhookAdapter {
        try fixture.adapter(
            WebhookAdapter.self,
            "{allow_private: true, endpoints: {crm: {url: \"\(url)\", secret: \(Receiver.secret)}}}")
    }
}
