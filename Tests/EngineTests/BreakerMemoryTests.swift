import AdapterKit
import Clocks
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

/// What is remembered of breakers, and what the postmaster is told of them.
@Suite struct BreakerMemoryTests {
    private static let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#
    private static let failing = Array(repeating: Receipt.deferred(reason: "HTTP 503", retryAfter: nil), count: 5)
    private static let limits = MailboxLimits(
        retry: RetrySchedule(first: .seconds(1), factor: 1, maximum: .seconds(1), jitter: 0))

    /// Has the lane of `hook:crm` fail until its breaker opens.
    private static func breakLane(_ fixture: ExchangeFixture) async throws {
        let id = try await fixture.accept("hello").id
        for attempt in 1...5 {
            _ = try await fixture.dispatch(of: id, in: .waiting, attempts: attempt)
            if attempt < 5 { fixture.clock.advance(by: .seconds(1)) }
        }
        _ = try await fixture.eventually {
            await fixture.exchange.mailboxStatus()["hook"]?.openLanes.first
        }
    }

    private static func stored(_ prefix: String, _ fixture: ExchangeFixture) async throws -> [StateEntry] {
        try await fixture.spool.states(mailbox: Exchange.stateScope, prefix: prefix, after: nil, limit: 100)
    }

    @Test("a lane in trouble is probed and not flooded after a restart, and its status says since when and why")
    func restart() async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let fixture = try await ExchangeFixture(folder: folder, routes: Self.toHook, clock: clock)
            await fixture.exchange.install("hook", adapter: ScriptedAdapter(Self.failing), limits: Self.limits)
            try await Self.breakLane(fixture)
            let before = try #require(await fixture.exchange.mailboxStatus()["hook"]?.openLanes.first)
            #expect(before.recipient == "hook:crm" && before.breaker.reason == "HTTP 503")
            _ = try await fixture.eventually { try await Self.stored("breaker/", fixture).first }
            await fixture.stop()

            let hook = ScriptedAdapter()
            let next = try await ExchangeFixture(folder: folder, routes: Self.toHook, clock: clock)
            await next.exchange.install("hook", adapter: hook, limits: Self.limits)
            let id = try await next.accept("world").id
            clock.advance(by: .seconds(5))
            let after = try await next.eventually { await next.exchange.mailboxStatus()["hook"]?.openLanes.first }
            #expect(after == before)
            #expect(hook.texts.isEmpty)
            clock.advance(by: .seconds(60))
            _ = try await next.dispatch(of: id, in: .delivered)
            #expect(hook.texts.first == "hello")
            _ = try await next.eventually { try await Self.stored("breaker/", next).isEmpty ? true : nil }
            await next.stop()
        }
    }

    @Test("the postmaster is told once that a lane opened and once that it closed, and of no probe")
    func told() async throws {
        let local = ScriptedAdapter()
        let hook = ScriptedAdapter(
            Self.failing + Array(repeating: .deferred(reason: "HTTP 503", retryAfter: nil), count: 2))
        try await ExchangeFixture.run(routes: Self.toHook, hook: hook, local: local, limits: Self.limits) { fixture in
            try await Self.breakLane(fixture)
            func report(_ count: Int) async throws -> Envelope {
                try await fixture.eventually {
                    fixture.clock.advance(by: .seconds(1))
                    return local.dispatches.count >= count ? local.dispatches[count - 1].envelope : nil
                }
            }
            let opened = try await report(1)
            #expect(opened.topic.description == "local:breaker/opened" && opened.kind == .event)
            #expect(opened.subject == "hook:crm is in trouble")
            #expect(opened.text.contains("hook:crm does not take messages: HTTP 503"))
            let closed = try await report(2)
            #expect(closed.topic.description == "local:breaker/closed")
            #expect(closed.subject == "hook:crm works again")
            #expect(local.dispatches.count == 2)
            #expect(try await Self.stored("notice/", fixture).isEmpty)
        }
    }

    @Test("what the postmaster has not been told before a restart is told after it")
    func toldLater() async throws {
        try await withTemporaryFolder { folder in
            let clock = ManualClock()
            let fixture = try await ExchangeFixture(folder: folder, routes: Self.toHook, clock: clock)
            await fixture.exchange.install("hook", adapter: ScriptedAdapter(Self.failing), limits: Self.limits)
            try await Self.breakLane(fixture)
            _ = try await fixture.eventually { try await Self.stored("notice/", fixture).first }
            await fixture.stop()

            let local = ScriptedAdapter()
            let next = try await ExchangeFixture(folder: folder, routes: Self.toHook, clock: clock)
            await next.exchange.install("local", adapter: local, limits: Self.limits)
            _ = try await next.eventually {
                clock.advance(by: .seconds(1))
                return local.dispatches.first
            }
            #expect(local.dispatches.map(\.envelope.subject) == ["hook:crm is in trouble"])
            await next.stop()
        }
    }

    @Test("one lane is reset by hand without the others, and the mailbox with all of them")
    func reset() async throws {
        let hook = ScriptedAdapter(Self.failing)
        try await ExchangeFixture.run(routes: Self.toHook, hook: hook, limits: Self.limits) { fixture in
            try await Self.breakLane(fixture)
            try await fixture.exchange.reset(mailbox: "hook", user: "other")
            #expect(await fixture.exchange.mailboxStatus()["hook"]?.openLaneCount == 1)
            try await fixture.exchange.reset(mailbox: "hook", user: "crm")
            #expect(await fixture.exchange.mailboxStatus()["hook"]?.openLaneCount == 0)
            #expect(try await Self.stored("breaker/", fixture).isEmpty)
            await #expect(throws: ExchangeError.self) { try await fixture.exchange.reset(mailbox: "hok") }
        }
    }

    @Test("many breakers are one report, which names the first and counts the rest")
    func digest() throws {
        let notices = (0..<60).map {
            BreakerNotice(
                name: "hook:\($0 + 100)", event: $0 == 0 ? .closed : .opened, time: Timestamp(seconds: Int64($0)),
                reason: "HTTP 503")
        }
        var random = SeededRandom(seed: 1)
        let arrival = try BreakerReport(
            notices: notices.shuffled(), router: "test.example", now: Timestamp(seconds: 99)
        )
        .arrival(
            id: MessageID(time: Timestamp(seconds: 99), using: &random),
            postmaster: try Address(parsing: "local:postmaster"))
        #expect(arrival.envelope.subject == "59 in trouble, 1 working again: hook:100 and others")
        #expect(arrival.envelope.text.contains("… and 10 more"))
        #expect(arrival.envelope.isAutomatic)
        #expect(arrival.eventKey == "breakers 60 1970-01-01T00:00:00.000Z 1970-01-01T00:00:59.000Z")
    }

    @Test("a record is read as it was written, one of an earlier release too, and nonsense is none")
    func records() {
        let record = BreakerRecord(
            reason: "x", since: Timestamp(seconds: 1), until: Timestamp(seconds: 2), openings: 3)
        #expect(BreakerRecord(parsing: record.encoded) == record)
        let old = BreakerRecord(parsing: Array(#"{"until":"1970-01-01T00:00:02.000Z"}"#.utf8))
        #expect(old?.until == Timestamp(seconds: 2) && old?.openings == 1)
        for text in ["", "{}", "[]", #"{"until":"soon"}"#] { #expect(BreakerRecord(parsing: Array(text.utf8)) == nil) }
    }
}
