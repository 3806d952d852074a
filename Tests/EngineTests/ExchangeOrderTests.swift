import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

/// Order within threads (I3), and what operators do to dispatches (I2).
@Suite struct ExchangeOrderTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    @Test("while the first of a thread waits for its next attempt its followers wait too, and others pass")
    func deferredThread() async throws {
        let hook = ScriptedAdapter([.deferred(reason: "HTTP 503", retryAfter: nil)])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let first = try await fixture.accept("t1") { $0.thread = "t" }.id
            _ = try await fixture.dispatch(of: first, in: .waiting, attempts: 1)
            for text in ["t2", "t3"] { try await fixture.accept(text) { $0.thread = "t" } }
            let other = try await fixture.accept("u1") { $0.thread = "u" }.id
            _ = try await fixture.dispatch(of: other, in: .delivered)
            #expect(hook.texts == ["t1", "u1"])
            fixture.clock.advance(by: .seconds(30))
            _ = try await fixture.eventually { hook.texts.count == 5 ? true : nil }
            #expect(hook.texts == ["t1", "u1", "t1", "t2", "t3"])
        }
    }

    @Test("of a thread of a hundred messages no two are under way at once, and their order holds beyond the window")
    func longThread() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            for number in 1...100 { try await fixture.accept("\(number)") { $0.thread = "t" } }
            try await fixture.exchange.setPaused(false, mailbox: "hook")
            _ = try await fixture.eventually { hook.texts.count == 100 ? true : nil }
            #expect(hook.texts == (1...100).map(String.init))
        }
    }

    @Test("a held dispatch stays until it is released, and holds up its thread")
    func holdAndRelease() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            let held = try await fixture.accept("t1") { $0.thread = "t" }.id
            let follower = try await fixture.accept("t2") { $0.thread = "t" }.id
            var filter = DispatchFilter()
            filter.messages = [held]
            let changed = try await fixture.exchange.apply(
                .hold(reason: "look first"), to: filter, by: "ann", isDryRun: false)
            #expect(changed.count == 1)
            try await fixture.exchange.setPaused(false, mailbox: "hook")
            let other = try await fixture.accept("u1").id
            _ = try await fixture.dispatch(of: other, in: .delivered)
            #expect(hook.texts == ["u1"])
            _ = try await fixture.exchange.apply(.release, to: filter, by: "ann", isDryRun: false)
            _ = try await fixture.dispatch(of: follower, in: .delivered)
            #expect(hook.texts == ["u1", "t1", "t2"])
        }
    }

    @Test("a dead letter that somebody retries is delivered")
    func retryDead() async throws {
        let hook = ScriptedAdapter([.rejected(reason: "HTTP 404")])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept().id
            _ = try await fixture.dispatch(of: id, in: .dead)
            let filter = try DispatchFilter(parsing: "state=dead error~404", now: fixture.clock.now)
            let dry = try await fixture.exchange.apply(.retry, to: filter, by: "ann", isDryRun: true)
            #expect(dry.map(\.message) == [id])
            #expect(hook.dispatches.count == 1)
            _ = try await fixture.exchange.apply(.retry, to: filter, by: "ann", isDryRun: false)
            _ = try await fixture.dispatch(of: id, in: .delivered)
            #expect(Set(hook.dispatches.map(\.idempotencyKey)).count == 1)
        }
    }

    @Test("after five failures in a row a lane's breaker opens, and a reset lets its dispatches go at once")
    func breaker() async throws {
        let failure = Receipt.deferred(reason: "HTTP 500", retryAfter: nil)
        let hook = ScriptedAdapter(Array(repeating: failure, count: 5))
        let limits = MailboxLimits(laneParallelism: 1, retry: RetrySchedule(first: .milliseconds(1), jitter: 0))
        try await ExchangeFixture.run(routes: toHook, hook: hook, limits: limits) { fixture in
            for number in 1...6 { try await fixture.accept("\(number)") }
            _ = try await fixture.eventually { hook.dispatches.count == 5 ? true : nil }
            let status = try await fixture.eventually {
                let status = await fixture.exchange.mailboxStatus()["hook"]
                return status?.openLanes.isEmpty == false ? status : nil
            }
            #expect(status.openLanes.first?.breaker.reason == "HTTP 500")
            #expect(hook.dispatches.count == 5)
            fixture.clock.advance(by: .seconds(1))
            try await fixture.exchange.reset(mailbox: "hook")
            _ = try await fixture.eventually { hook.dispatches.count == 11 ? true : nil }
            #expect(fixture.log.text.contains("breaker opened"))
        }
    }

    @Test("a mailbox that is not there cannot be paused, and the error names those that are")
    func unknownMailbox() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            let expected = ExchangeError.noMailbox(name: "hok", known: ["hook", "local"])
            await #expect(throws: expected) { try await fixture.exchange.setPaused(true, mailbox: "hok") }
        }
    }
}
