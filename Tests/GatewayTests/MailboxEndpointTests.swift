import AdapterKit
import Engine
import Messages
import Testing
import Transport

@Suite struct MailboxEndpointTests {
    @Test("mailboxes are listed with their health, and with how they send where they can")
    func list() async throws {
        try await GatewayFixture.run { fixture in
            let rows = try #require(try await fixture.json(.get, "/v1/mailboxes")["mailboxes"]?.array)
            #expect(rows.compactMap { $0["name"]?.string } == ["hook", "api"])
            #expect(rows[0]["health"]?.string == "degraded")
            #expect(rows[0]["detail"]?.string == "crm is gone")
            #expect(rows[0]["outgoing"]?["breaker"]?.string == "open")
            #expect(rows[0]["outgoing"]?["breaker_reason"]?.string == "5 failures")
            #expect(rows[1]["health"]?.string == "working")
            #expect(rows[1]["outgoing"] == nil)
        }
    }

    @Test("a paused mailbox sends nothing until it is resumed")
    func pause() async throws {
        try await GatewayFixture.run { fixture in
            // What is delivered shows that the exchange has taken up the pauses of earlier runs.
            try await fixture.accept()
            try await fixture.await("state=delivered")
            _ = try await fixture.json(.post, "/v1/mailboxes/hook/pause", "{}")
            #expect(await fixture.exchange.mailboxStatus()["hook"]?.isPaused == true)
            try await fixture.accept()
            try await fixture.await("state=waiting")
            let resumed = try await fixture.json(.post, "/v1/mailboxes/hook/resume", "{}")
            #expect(resumed == ["mailbox": "hook"])
            try await fixture.await("state=delivered", count: 2)
        }
    }

    @Test("a reset reaches the adapter")
    func reset() async throws {
        let hook = HookAdapter()
        try await GatewayFixture.run(hook: hook) { fixture in
            _ = try await fixture.json(.post, "/v1/mailboxes/hook/reset", "{}")
            #expect(hook.resets == 1)
        }
    }

    @Test(
        "what is no mailbox and what is no action is not found, and told what there is",
        arguments: [
            ("hok/pause", "routes.yaml has hook, local"), ("hok/reset", "no mailbox named \"hok\""),
            ("hook/stop", "expected pause, resume or reset"),
        ])
    func unknown(path: String, words: String) async throws {
        try await GatewayFixture.run { fixture in
            let response = try await fixture.send(.post, "/v1/mailboxes/\(path)", "{}")
            #expect(response.status == .notFound)
            #expect(response.detail.contains(words), "\(response.text)")
        }
    }

    @Test("the status has the assembly's facts, the dispatches by state and the size of the spool")
    func status() async throws {
        try await GatewayFixture.run { fixture in
            try await fixture.accept()
            try await fixture.await("state=delivered")
            let status = try await fixture.json(.get, "/v1/status")
            #expect(status["name"]?.string == "test.example")
            #expect(status["dispatches"]?["delivered"]?.integer == 1)
            #expect(status["spool_bytes"]?.integer ?? 0 > 0)
            #expect(status["refusal"] == nil)
        }
    }
}
