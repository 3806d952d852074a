import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

@Suite struct ManualRetryTests {
    private static let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#
    private static let failure = Receipt.deferred(reason: "HTTP 503", retryAfter: nil)
    private static let limits = MailboxLimits(
        retry: RetrySchedule(first: .seconds(1), factor: 1, maximum: .seconds(1), jitter: 0))

    /// Has one dispatch fail until the breaker of its lane opens.
    private static func breakLane(_ fixture: ExchangeFixture) async throws -> MessageID {
        let id = try await fixture.accept().id
        for attempt in 1...5 {
            _ = try await fixture.dispatch(of: id, in: .waiting, attempts: attempt)
            await fixture.clock.waitForSleepers()
            if attempt < 5 { fixture.clock.advance(by: .seconds(1)) }
        }
        return id
    }

    private static func retry(_ fixture: ExchangeFixture) async throws {
        let filter = try DispatchFilter(parsing: "state=waiting", now: fixture.clock.now)
        let changed = try await fixture.exchange.apply(.retry, to: filter, by: "ann", isDryRun: false)
        #expect(changed.count == 1)
    }

    @Test("what a person retries is tried at once, though the breaker of its lane is open")
    func opensForAPerson() async throws {
        let hook = ScriptedAdapter(Array(repeating: Self.failure, count: 5))
        try await ExchangeFixture.run(routes: Self.toHook, hook: hook, limits: Self.limits) { fixture in
            let id = try await Self.breakLane(fixture)
            try await Self.retry(fixture)
            let done = try await fixture.dispatch(of: id, in: .delivered)
            #expect(done.attempts.count == 6)
            #expect(fixture.log.text.contains("breaker closed"))
        }
    }
}
