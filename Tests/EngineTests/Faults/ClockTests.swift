import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

/// A clock on the wall that is set back while the router runs.
@Suite struct ClockTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    /// How far the clock has to go on until this many attempts were made, in steps of a second.
    private func seconds(_ fixture: ExchangeFixture, until count: Int, of hook: ScriptedAdapter) async throws -> Int {
        var seconds = 0
        _ = try await fixture.eventually {
            guard hook.dispatches.count < count else { return true }
            fixture.clock.advance(by: .seconds(1))
            seconds += 1
            return nil
        }
        return seconds
    }

    @Test(
        "what waits for its next attempt waits for its pause, and not for the day that the clock was set back by",
        arguments: [nil, Duration.seconds(50)])
    func setBack(_ retryAfter: Duration?) async throws {
        let hook = ScriptedAdapter([.deferred(reason: "HTTP 503", retryAfter: retryAfter)])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept().id
            _ = try await fixture.dispatch(of: id, in: .waiting, attempts: 1)
            fixture.clock.set(by: .seconds(-86_400))
            let waited = try await seconds(fixture, until: 2, of: hook)
            let pause = Int(retryAfter?.components.seconds ?? 30)
            // The jump shows when the old time comes; a day does not pass until then.
            #expect(waited >= pause)
        }
    }

    @Test("what a message names a time for waits for that time")
    func namedTime() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let time = fixture.clock.now + .seconds(60)
            let id = try await fixture.accept { $0.notBefore = time }.id
            _ = try await fixture.dispatch(of: id, in: .waiting)
            fixture.clock.set(by: .seconds(-600))
            let waited = try await seconds(fixture, until: 1, of: hook)
            #expect(waited >= 660)
            #expect(fixture.clock.now >= time)
        }
    }

    @Test("what a message names a time for goes at that time when the clock is set ahead, at the keeper's next look")
    func setAhead() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept { $0.notBefore = fixture.clock.now + .seconds(3_000) }.id
            _ = try await fixture.dispatch(of: id, in: .waiting)
            fixture.clock.set(by: .seconds(3_600))
            await fixture.exchange.pump()
            _ = try await fixture.eventually { hook.dispatches.count == 1 ? true : nil }
        }
    }
}
