import AdapterKit
import Configuration
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

@Suite struct PullTests {
    private let routes = "[{match: \"api:**\", to: hook:work}]"
    private let terms = LeaseTerms(count: 10, duration: .seconds(60))

    @Test("a program takes what was accepted, and what it acknowledges is delivered")
    func takes() async throws {
        try await withPulled { fixture, lane in
            let accepted = try await fixture.accept("hello")
            let leased = try await fixture.exchange.lease(from: lane, terms, waiting: .zero)
            #expect(leased.map(\.message) == [accepted.id])
            let held = try await fixture.exchange.settle(leased.map(\.lease), of: lane, as: .delivered)
            #expect(held == [true])
            _ = try await fixture.dispatch(of: accepted.id, in: .delivered, attempts: 1)
        }
    }

    @Test("a program that waits is told when a message comes, and no other is woken for it")
    func waits() async throws {
        try await withPulled { fixture, lane in
            async let first = fixture.exchange.lease(from: lane, terms, waiting: .seconds(30))
            async let second = fixture.exchange.lease(from: lane, terms, waiting: .seconds(30))
            _ = try await fixture.eventually { fixture.exchange.pulled.waiters.sleepers == 2 ? true : nil }
            let accepted = try await fixture.accept("hello")
            _ = try await fixture.eventually { fixture.exchange.pulled.waiters.sleepers == 1 ? true : nil }
            fixture.clock.advance(by: .seconds(30))
            let all = try await first + second
            #expect(all.map(\.message) == [accepted.id])
        }
    }

    @Test("whoever waits is told when a lease runs out")
    func comesBack() async throws {
        try await withPulled { fixture, lane in
            try await fixture.accept("hello")
            let short = LeaseTerms(count: 1, duration: .seconds(5))
            let first = try await fixture.exchange.lease(from: lane, short, waiting: .zero)
            async let second = fixture.exchange.lease(from: lane, short, waiting: .seconds(30))
            // Whether the alarm sleeps already cannot be seen, so the time goes on until it has rung.
            let time = Task {
                while true {
                    fixture.clock.advance(by: .seconds(5))
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            defer { time.cancel() }
            let again = try await second
            #expect(again.map(\.idempotencyKey) == first.map(\.idempotencyKey))
            #expect(again.map(\.lease.attempt) == [2])
        }
    }

    @Test("what is given back goes to the next who waits")
    func givenBack() async throws {
        try await withPulled { fixture, lane in
            try await fixture.accept("hello")
            let first = try await fixture.exchange.lease(from: lane, terms, waiting: .zero)
            async let second = fixture.exchange.lease(from: lane, terms, waiting: .seconds(30))
            _ = try await fixture.eventually { fixture.exchange.pulled.waiters.sleepers == 1 ? true : nil }
            let back = LeaseEnding.returned(reason: "busy", due: fixture.clock.now)
            _ = try await fixture.exchange.settle(first.map(\.lease), of: lane, as: back)
            #expect(try await second.map(\.message) == first.map(\.message))
        }
    }

    @Test("what nobody took in time is dead, and its sender is told")
    func expires() async throws {
        try await withPulled { fixture, lane in
            let accepted = try await fixture.accept("hello") { $0.expires = fixture.clock.now + .seconds(10) }
            fixture.clock.advance(by: .seconds(11))
            #expect(try await fixture.exchange.lease(from: lane, terms, waiting: .zero).isEmpty)
            let dispatch = try await fixture.dispatch(of: accepted.id, in: .dead)
            #expect(dispatch.summary.reason?.contains("before a program took it") == true)
        }
    }

    @Test("a paused mailbox gives nothing, and an unknown one says so")
    func paused() async throws {
        try await withPulled { fixture, lane in
            try await fixture.accept("hello")
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            #expect(try await fixture.exchange.lease(from: lane, terms, waiting: .zero).isEmpty)
            try await fixture.exchange.setPaused(false, mailbox: "hook")
            #expect(try await fixture.exchange.lease(from: lane, terms, waiting: .zero).count == 1)
            let stranger = try Address(parsing: "local:x")
            await #expect(throws: LeaseError.noMailbox(name: "local")) {
                try await fixture.exchange.lease(from: stranger, terms, waiting: .zero)
            }
        }
    }

    @Test("when the mailbox is given an adapter that delivers, what waits is delivered")
    func becomesDelivered() async throws {
        try await withPulled { fixture, lane in
            let accepted = try await fixture.accept("hello")
            let hook = ScriptedAdapter()
            await fixture.exchange.install("hook", adapter: hook, limits: MailboxLimits())
            _ = try await fixture.dispatch(of: accepted.id, in: .delivered)
            #expect(hook.texts == ["hello"])
        }
    }

    private func withPulled(_ body: (ExchangeFixture, Address) async throws -> Void) async throws {
        try await ExchangeFixture.run(routes: routes, hook: ScriptedAdapter()) { fixture in
            await fixture.exchange.install("hook", adapter: PulledAdapter(), limits: MailboxLimits())
            try await body(fixture, Address(parsing: "hook:work"))
        }
    }
}

private struct PulledAdapter: Adapter {
    static let manifest = AdapterManifest.embedded(
        Array("{name: pulled, summary: For tests., abilities: {send: true, pull: true}}".utf8))

    init() {}
    init(settings: SettingsObject, context: AdapterContext) throws {}
}
