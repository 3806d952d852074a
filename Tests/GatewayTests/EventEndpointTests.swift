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
            let missed = try await third.next()
            #expect(missed.name == "missed" && missed.data["reason"]?.string?.contains("anew") == true)
            #expect(try await third.next().id == accepted.id)
        }
    }

    @Test("a watcher hears of what it asks for, and learns where it stands")
    func filtered() async throws {
        try await GatewayFixture.run { fixture in
            let watcher = try await fixture.watch(filter: "state=delivered%20to=hook:*%20topic=api:**")
            let cursor = try await watcher.nextOfAll()
            #expect(cursor.name == "cursor" && cursor.id.hasSuffix("-0"))
            let id = try await fixture.accept()
            let first = try await watcher.next()
            #expect(first.name == "delivered" && first.data["message"]?.string == id.description)
            #expect(first.data["topic"] == "api:test" && first.data["from"] == "api:ci")
        }
    }

    @Test("what no event tells cannot be asked for", arguments: ["age%3E1h", "route=all", "nonsense", "state=gone"])
    func unknown(filter: String) async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(.get, "/v1/events?filter=\(filter)")
            #expect(response.status == .badRequest, "\(response.text)")
        }
    }

    @Test("what an operator does is told")
    func operated() async throws {
        let hook = HookAdapter([.rejected(reason: "HTTP 400"), .delivered(remoteIDs: [], detail: nil)])
        try await GatewayFixture.run(hook: hook) { fixture in
            try await fixture.accept()
            try await fixture.await("state=dead")
            let watcher = try await fixture.watch(filter: "to=hook:*")
            _ = try await fixture.json(.post, "/v1/spool/retry", #"{"filter": "state=dead", "by": "ann"}"#)
            let told = try await watcher.next()
            #expect(told.name == "retry" && told.data["by"] == "ann" && told.data["recipient"] == "hook:crm")
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
