import AdapterKit
import Logging
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

@Suite struct SpoolKeeperTests {
    private let toHook = #"[{match: "api:**", to: "hook:crm"}]"#

    @Test("what was settled longer ago than the retention goes, what is younger stays")
    func retention() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            let old = try await fixture.accept("old").id
            _ = try await fixture.dispatch(of: old, in: .delivered)
            fixture.clock.advance(by: .seconds(3_600))
            let young = try await fixture.accept("young").id
            _ = try await fixture.dispatch(of: young, in: .delivered)
            try await keep(fixture, limit: 1 << 40, retention: .seconds(1_800)) {
                _ = try await fixture.eventually { try await fixture.spool.trace(of: old) == nil ? true : nil }
            }
            #expect(try await fixture.spool.trace(of: young) != nil)
        }
    }

    @Test("when room is short, settled messages go before their time, and waiting ones stay")
    func shortOfRoom() async throws {
        let hook = ScriptedAdapter(Array(repeating: .delivered, count: 200))
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            for number in 1...200 { try await fixture.accept("\(number) \(String(repeating: "x", count: 4_000))") }
            _ = try await fixture.eventually { try await fixture.spool.counts()[.delivered] == 200 ? true : nil }
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            let waiting = try await fixture.accept("waiting").id
            let full = try await fixture.spool.size()
            fixture.clock.advance(by: .seconds(7_200))
            try await keep(fixture, limit: full, retention: .seconds(30 * 86_400)) {
                _ = try await fixture.eventually { try await fixture.spool.size() < full / 2 ? true : nil }
            }
            #expect(try await fixture.spool.trace(of: waiting) != nil)
            #expect(try await fixture.spool.counts() == [.waiting: 1])
        }
    }

    @Test("a spool at its limit refuses messages and says so")
    func refusal() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            for _ in 1...20 { try await fixture.accept(String(repeating: "x", count: 4_000)) }
            try await keep(fixture, limit: 10_000, retention: .seconds(60)) {
                _ = try await fixture.eventually { fixture.exchange.refusal }
                await #expect(throws: AcceptError.self) { try await fixture.accept() }
            }
        }
    }

    private func keep(
        _ fixture: ExchangeFixture, limit: Int64, retention: Duration, _ body: () async throws -> Void
    ) async throws {
        let keeper = SpoolKeeper(
            exchange: fixture.exchange, spool: fixture.spool, clock: fixture.clock,
            logger: Logger(level: .debug, sink: fixture.log), limit: limit, retention: retention)
        let running = Task { try await keeper.run() }
        defer { running.cancel() }
        try await body()
    }
}
