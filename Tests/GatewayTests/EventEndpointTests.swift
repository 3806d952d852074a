import Messages
import Testing
import Transport

@Suite struct EventEndpointTests {
    @Test("events tell operators what happens to messages, and a client that comes back what it missed")
    func events() async throws {
        try await GatewayFixture.run { fixture in
            let first = try await fixture.watch()
            let id = try await fixture.accept()
            let accepted = try await first.next()
            #expect(accepted.name == "accepted")
            #expect(accepted.data["message"]?.string == id.description)
            #expect(accepted.data["recipients"] == ["hook:crm"])
            let delivered = try await first.next()
            #expect(delivered.name == "delivered" && delivered.data["recipient"] == "hook:crm")
            let second = try await fixture.watch(after: accepted.id)
            #expect(try await second.next().id == delivered.id)
            // An id of an earlier run says that all of this one is new.
            let third = try await fixture.watch(after: "zzz-7")
            #expect(try await third.next().id == accepted.id)
        }
    }

    @Test("events are for the operator only")
    func access() async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(.get, "/v1/events", by: .port)
            #expect(response.status == .forbidden)
        }
    }
}
