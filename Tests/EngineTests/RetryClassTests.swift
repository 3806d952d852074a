import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

@Suite struct RetryClassTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    private func exact(_ seconds: Int, attempts: Int? = nil, until: Duration? = nil) -> RetrySchedule {
        RetrySchedule(first: .seconds(seconds), jitter: 0, attempts: attempts, until: until)
    }

    private func limits(_ policy: RetryPolicy) -> MailboxLimits {
        MailboxLimits(laneParallelism: 4, retry: policy)
    }

    static let classes: [(Receipt, seconds: Int, AttemptTrace.Outcome)] = [
        (.deferred(reason: "x", retryAfter: nil), 10, .deferred), (.unknown(reason: "x"), 20, .unknown),
        (.rejected(reason: "x"), 40, .rejected),
    ]

    @Test("each class is tried again by its own schedule, and the trace names it", arguments: classes)
    func schedules(receipt: Receipt, seconds: Int, outcome: AttemptTrace.Outcome) async throws {
        let hook = ScriptedAdapter([receipt])
        let policy = RetryPolicy(deferred: exact(10), unknown: exact(20), rejected: exact(40, attempts: 2))
        try await ExchangeFixture.run(routes: toHook, hook: hook, limits: limits(policy)) { fixture in
            let id = try await fixture.accept().id
            let waiting = try await fixture.dispatch(of: id, in: .waiting, attempts: 1)
            #expect(waiting.summary.due == fixture.clock.now + .seconds(seconds))
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(seconds))
            let done = try await fixture.dispatch(of: id, in: .delivered)
            #expect(done.attempts.map(\.outcome) == [outcome, .delivered])
            #expect(Set(hook.dispatches.map(\.idempotencyKey)).count == 1)
        }
    }

    @Test("what has had all attempts of its class is dead, and the trace says how the last one ended")
    func attempts() async throws {
        let hook = ScriptedAdapter([.deferred(reason: "HTTP 503", retryAfter: nil)])
        let policy = RetryPolicy(deferred: exact(10, attempts: 1))
        try await ExchangeFixture.run(routes: toHook, hook: hook, limits: limits(policy)) { fixture in
            let id = try await fixture.accept().id
            let dead = try await fixture.dispatch(of: id, in: .dead)
            #expect(dead.summary.reason == "given up after 1 attempts; the last one: HTTP 503")
            #expect(dead.attempts.map(\.outcome) == [.deferred])
        }
    }

    @Test("a class gives up at its own time, though the mailbox would wait longer")
    func until() async throws {
        let hook = ScriptedAdapter(Array(repeating: .unknown(reason: "no answer"), count: 2))
        let policy = RetryPolicy(unknown: exact(10, until: .seconds(15)))
        try await ExchangeFixture.run(routes: toHook, hook: hook, limits: limits(policy)) { fixture in
            let accepted = fixture.clock.now
            let id = try await fixture.accept().id
            _ = try await fixture.dispatch(of: id, in: .waiting, attempts: 1)
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(10))
            let dead = try await fixture.dispatch(of: id, in: .dead)
            #expect(dead.summary.reason == "expired at \(accepted + .seconds(15)); the last attempt: no answer")
            #expect(dead.attempts.map(\.outcome) == [.unknown, .unknown])
        }
    }

    @Test("no schedule, however short, comes before the platform's Retry-After")
    func retryAfter() async throws {
        let hook = ScriptedAdapter([.deferred(reason: "HTTP 429", retryAfter: .seconds(90))])
        let policy = RetryPolicy(deferred: exact(1))
        try await ExchangeFixture.run(routes: toHook, hook: hook, limits: limits(policy)) { fixture in
            let id = try await fixture.accept().id
            let waiting = try await fixture.dispatch(of: id, in: .waiting, attempts: 1)
            #expect(waiting.summary.due == fixture.clock.now + .seconds(90))
        }
    }

    @Test("a platform that would take a message twice has it held, in its thread too, until a person releases it")
    func held() async throws {
        let hook = ScriptedAdapter([.unknown(reason: "no answer")])
        let limits = limits(RetryPolicy(holdsUnknown: true))
        try await ExchangeFixture.run(routes: toHook, hook: hook, limits: limits) { fixture in
            let first = try await fixture.accept("1") { $0.thread = "t" }.id
            let held = try await fixture.dispatch(of: first, in: .held)
            #expect(held.attempts.map(\.outcome) == [.unknown])
            #expect(held.summary.reason?.hasPrefix("no answer; the platform may have it") == true)
            let second = try await fixture.accept("2") { $0.thread = "t" }.id
            let other = try await fixture.accept("3") { $0.thread = "u" }.id
            _ = try await fixture.dispatch(of: other, in: .delivered)
            #expect(try await fixture.spool.trace(of: second)?.dispatches.map(\.summary.state) == [.waiting])
            var filter = DispatchFilter()
            filter.states = [.held]
            _ = try await fixture.exchange.apply(.release, to: filter, by: "ann", isDryRun: false)
            _ = try await fixture.dispatch(of: second, in: .delivered)
            #expect(hook.texts == ["1", "3", "1", "2"])
            #expect(hook.dispatches[0].idempotencyKey == hook.dispatches[2].idempotencyKey)
        }
    }

    @Test("a rejection is no failure of the platform: no breaker opens however many there are")
    func rejections() async throws {
        let hook = ScriptedAdapter(Array(repeating: .rejected(reason: "HTTP 400"), count: 20))
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            for number in 0..<20 {
                let id = try await fixture.accept("\(number)").id
                _ = try await fixture.dispatch(of: id, in: .dead)
            }
            #expect(await fixture.exchange.mailboxStatus()["hook"]?.openLanes == [])
        }
    }
}
