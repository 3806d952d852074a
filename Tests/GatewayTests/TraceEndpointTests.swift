import AdapterKit
import Messages
import TestSupport
import Testing
import Transport

@Suite struct TraceEndpointTests {
    @Test("a trace tells the message, each dispatch with its route and attempts, and what came of it")
    func trace() async throws {
        let hook = HookAdapter([
            .deferred(reason: "HTTP 503", retryAfter: nil), .delivered(remoteIDs: ["r-1"], detail: "HTTP 204"),
        ])
        try await GatewayFixture.run(hook: hook) { fixture in
            let id = try await fixture.accept()
            try await fixture.await("state=waiting attempts>=1")
            fixture.clock.advance(by: .seconds(30))
            try await fixture.await("state=delivered")
            let trace = try await fixture.json(.get, "/v1/messages/\(id)/trace")
            #expect(trace["message"]?["subject"]?.string == "Hello")
            let dispatch = try #require(trace["dispatches"]?.array?.first)
            #expect(dispatch["to"]?.string == "hook:crm")
            #expect(dispatch["route_location"]?.string?.hasPrefix("routes.yaml:") == true)
            let attempts = try #require(dispatch["attempts_made"]?.array)
            #expect(attempts.compactMap { $0["outcome"]?.string } == ["deferred", "delivered"])
            #expect(attempts.compactMap { $0["detail"]?.string } == ["HTTP 503", "HTTP 204"])
            #expect(dispatch["remote_ids"] == ["r-1"])
            #expect(dispatch["due"] == nil)
            #expect(trace["children"] == [])
        }
    }

    @Test("the bounce of a dead dispatch is a child of its message")
    func bounce() async throws {
        try await GatewayFixture.run(hook: HookAdapter([.rejected(reason: "HTTP 400")])) { fixture in
            let id = try await fixture.accept()
            try await fixture.await("route=bounce state=delivered")
            let trace = try await fixture.json(.get, "/v1/messages/\(id)/trace")
            let child = try #require(trace["children"]?.array?.first?["id"]?.string)
            let bounce = try await fixture.json(.get, "/v1/messages/\(child)/trace")
            #expect(bounce["message"]?["kind"]?.string == "bounce")
            #expect(bounce["message"]?["parent"]?.string == id.description)
        }
    }

    @Test("an id that nobody has is not found, one that is none is told what one looks like")
    func unknown() async throws {
        try await GatewayFixture.run { fixture in
            let unknown = try await fixture.send(.get, "/v1/messages/019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07/trace")
            #expect(unknown.status == .notFound)
            #expect(unknown.detail.contains("retention"))
            let none = try await fixture.send(.get, "/v1/messages/xyz/trace")
            #expect(none.status == .badRequest)
            #expect(none.detail.contains("expected a message id"))
        }
    }
}
