import AdapterKit
import Messages
import Spooling
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Engine

/// Whatever step of the spool fails, and whenever: once it works everything comes to its end, without a restart (I2).
@Suite(.serialized) struct FaultPropertyTests {
    private let routes = #"[{name: all, match: "api:**", to: ["hook:a", "hook:b"]}]"#

    @Test("once the spool works again nothing is left over", arguments: UInt64(1)...12)
    func anyStepFails(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let receipts: [Receipt] = (0..<20).map { _ in
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .deferred(reason: "busy", retryAfter: nil)
            case 1: .deferred(reason: "slow down", retryAfter: .seconds(2))
            case 2: .rejected(reason: "no")
            default: .delivered
            }
        }
        let limits = MailboxLimits(
            laneParallelism: Int.random(in: 1...3, using: &random),
            retry: RetrySchedule(first: .milliseconds(300), maximum: .seconds(2), jitter: 0))
        try await ExchangeFixture.run(routes: routes, hook: ScriptedAdapter(receipts), limits: limits) { fixture in
            for _ in 0..<60 {
                try await step(fixture, &random)
                if Bool.random(using: &random) { try await fixture.loop.sleep(for: .milliseconds(1)) }
            }
            fixture.failing.heal()
            var held = DispatchFilter()
            held.states = [.held]
            _ = try await fixture.exchange.apply(.release, to: held, by: "ann", isDryRun: false)
            _ = try await fixture.eventually {
                fixture.clock.advance(by: .milliseconds(500))
                return try await fixture.spool.counts().keys.allSatisfy(\.isSettled) ? true : nil
            }
        }
    }

    private func step(_ fixture: ExchangeFixture, _ random: inout SeededRandom) async throws {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<6:
            let thread = ["t", "u", nil].randomElement(using: &random) ?? nil
            let pause = Int.random(in: 0..<4, using: &random) == 0 ? Duration.seconds(1) : .zero
            let lifetime = Int.random(in: 0..<6, using: &random) == 0 ? Duration.seconds(3) : .seconds(3_600)
            try await fixture.accept {
                $0.thread = thread
                $0.notBefore = fixture.clock.now + pause
                $0.expires = fixture.clock.now + lifetime
            }
        case 6, 7: fail(fixture, &random)
        case 8: fixture.failing.heal()
        case 9, 10: fixture.clock.advance(by: .milliseconds(Int64.random(in: 1...2_000, using: &random)))
        default:
            var filter = DispatchFilter()
            let (action, state): (DispatchAction, DispatchState) =
                [(.hold(reason: "look"), .waiting), (.release, .held), (.retry, .dead)].randomElement(using: &random)
                ?? (.retry, .dead)
            filter.states = [state]
            _ = try? await fixture.exchange.apply(action, to: filter, by: "ann", isDryRun: false)
        }
    }

    /// From now on some calls fail now and then, or always.
    private func fail(_ fixture: ExchangeFixture, _ random: inout SeededRandom) {
        let calls = FailingSpool.Call.allCases.filter { _ in Bool.random(using: &random) }
        let share: Double = [0.2, 0.6, 1.0].randomElement(using: &random) ?? 1
        let chance = Mutex(SeededRandom(seed: random.next()))
        fixture.failing.fail { call, _ in
            let draw = chance.withLock { random in Double.random(in: 0..<1, using: &random) }
            guard calls.contains(call), draw < share else { return nil }
            return .disk(detail: "a test says so")
        }
    }
}
