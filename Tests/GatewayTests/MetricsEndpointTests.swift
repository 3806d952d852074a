import Engine
import Gateway
import Messages
import TestSupport
import Testing
import Transport

@Suite struct MetricsEndpointTests {
    private func sample(_ text: String, _ name: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }.map { String($0.dropFirst(name.count + 1)) }
    }

    @Test("what happens to a message is counted and measured")
    func counts() async throws {
        let hook = HookAdapter([
            .deferred(reason: "HTTP 503", retryAfter: nil), .delivered(remoteIDs: [], detail: nil),
        ])
        try await GatewayFixture.run(hook: hook) { fixture in
            try await fixture.accept()
            try await fixture.await("state=waiting attempts>=1")
            fixture.clock.advance(by: .seconds(30))
            try await fixture.await("state=delivered")
            let answer = try await fixture.send(.get, "/metrics")
            #expect(answer.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let text = answer.text
            for (name, value) in [
                (#"postroad_messages_accepted_total{mailbox="api"}"#, "1"),
                (#"postroad_attempts_total{mailbox="hook",outcome="deferred"}"#, "1"),
                (#"postroad_attempts_total{mailbox="hook",outcome="delivered"}"#, "1"),
                (#"postroad_dispatches{state="delivered"}"#, "1"), (#"postroad_dispatches{state="waiting"}"#, "0"),
                ("postroad_accept_duration_seconds_count", "1"), ("postroad_commit_duration_seconds_count", "1"),
                ("postroad_queue_wait_seconds_count", "2"),
                (#"postroad_attempt_duration_seconds_count{mailbox="hook"}"#, "2"),
                ("postroad_accepts_under_way", "0"), ("postroad_committed_unread", "0"), ("postroad_refusing", "0"),
                (#"postroad_build_info{version="0"}"#, "1"), (#"postroad_mailbox_breaker_open{mailbox="hook"}"#, "1"),
            ] { #expect(sample(text, name) == value, "\(name)") }
            for name in ["process_resident_memory_bytes", "process_open_fds", "process_cpu_seconds_total"] {
                #expect(sample(text, name).flatMap(Double.init).map { $0 > 0 } == true, "\(name)")
            }
        }
    }

    @Test("a message that is not taken is counted by the reason")
    func refused() async throws {
        try await GatewayFixture.run { fixture in
            fixture.exchange.setSpoolFull("the limit is reached")
            _ = try? await fixture.accept()
            let text = try await fixture.send(.get, "/metrics").text
            #expect(sample(text, #"postroad_messages_refused_total{mailbox="api",outcome="full"}"#) == "1")
            #expect(sample(text, "postroad_refusing") == "1")
        }
    }

    @Test("metrics are for the operator unless routes.yaml says more")
    func access() async throws {
        try await GatewayFixture.run { fixture in
            try await #expect(fixture.send(.get, "/metrics", by: .port).status == .forbidden)
        }
        try await GatewayFixture.run(readers: .local) { fixture in
            try await #expect(fixture.send(.get, "/metrics", by: .port).status == .ok)
            let foreign: HTTPFields = ["Origin": "https://evil.example"]
            try await #expect(fixture.send(.get, "/metrics", by: .port, headers: foreign).status == .forbidden)
        }
    }
}

@Suite struct HealthEndpointTests {
    @Test("a router that takes nothing is alive and not ready, and says why")
    func full() async throws {
        try await GatewayFixture.run { fixture in
            try await #expect(fixture.send(.get, "/readyz").status == .ok)
            fixture.exchange.setSpoolFull("the limit is reached")
            try await #expect(fixture.send(.get, "/healthz").status == .ok)
            let answer = try await fixture.send(.get, "/readyz")
            #expect(answer.status == .serviceUnavailable)
            let json = try JSON(parsing: answer.body)
            #expect(json["ready"] == false && json["reasons"] == ["the limit is reached"])
        }
    }

    @Test("a mailbox that is slowed down says so and is ready; one that nobody has is not")
    func mailboxes() async throws {
        try await GatewayFixture.run { fixture in
            let hook = try await fixture.json(.get, "/readyz?mailbox=hook")["mailboxes"]?.array?.first
            #expect(hook?["ready"] == true)
            #expect(hook?["reasons"] == ["crm is gone", "breaker open: 5 failures"])
            let unknown = try await fixture.send(.get, "/readyz?mailbox=hok")
            #expect(unknown.status == .serviceUnavailable && unknown.text.contains("hok"))
        }
    }
}
