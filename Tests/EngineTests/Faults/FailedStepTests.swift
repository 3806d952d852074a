import AdapterKit
import Logging
import Messages
import Spooling
import TestSupport
import Testing
import Transport

@testable import Engine

/// What a step of the spool that fails leaves behind: nothing that a later step does not take up (I2).
@Suite struct FailedStepTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    /// Moves the clock until there is an answer.
    private func advance<Value>(
        _ fixture: ExchangeFixture, _ ask: () async throws -> Value?
    ) async throws -> Value {
        try await fixture.eventually {
            fixture.clock.advance(by: .milliseconds(100))
            return try await ask()
        }
    }

    @Test("what follows in a thread goes on when its predecessor's receipt, which could not be recorded, is")
    func threadBehindAnUnrecordedReceipt() async throws {
        let hook = ScriptedAdapter(isGated: true)
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try await fixture.accept("t1") { $0.thread = "t" }
            _ = try await fixture.eventually { hook.texts == ["t1"] ? true : nil }
            let second = try await fixture.accept("t2") { $0.thread = "t" }.id
            fixture.failing.fail(.begin, .settle)
            let loads = fixture.failing.count(of: .load)
            hook.open()
            _ = try await fixture.eventually { fixture.failing.count(of: .begin) > 1 ? true : nil }
            // The lane is read while its first dispatch is still on record as being tried.
            fixture.failing.fail(.settle)
            _ = try await advance(fixture) { fixture.failing.count(of: .load) > loads ? true : nil }
            fixture.failing.heal()
            _ = try await advance(fixture) {
                try await fixture.spool.trace(of: second)?.dispatches.first { $0.summary.state == .delivered }
            }
            #expect(hook.texts == ["t1", "t2"])
        }
    }

    @Test(
        "what an operator has changed is looked at, though that failed first",
        arguments: [FailingSpool.Call.lanesOf, .apply])
    func operatorsChange(_ call: FailingSpool.Call) async throws {
        let hook = ScriptedAdapter([.rejected(reason: "HTTP 404")])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept().id
            _ = try await fixture.dispatch(of: id, in: .dead)
            let filter = try DispatchFilter(parsing: "state=dead", now: fixture.clock.now)
            fixture.failing.fail(call, .lanes)
            _ = try? await fixture.exchange.apply(.retry, to: filter, by: "ann", isDryRun: false)
            fixture.failing.heal()
            _ = try await advance(fixture) {
                try await fixture.spool.trace(of: id)?.dispatches.first { $0.summary.state == .delivered }
            }
        }
    }

    @Test(
        "a dispatch that alone cannot be begun, settled or read holds up no other",
        arguments: [FailingSpool.Call.begin, .settle, .load])
    func oneBadRow(_ call: FailingSpool.Call) async throws {
        let routes = #"[{name: all, match: "api:**", to: ["hook:bad", "hook:b", "hook:c"]}]"#
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: routes, hook: hook) { fixture in
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            var bad: Set<Int64> = []
            for number in 1...20 {
                let accepted = try await fixture.accept("\(number)") {
                    // So that the lanes have to be read.
                    $0.notBefore = fixture.clock.now + .seconds(1)
                }
                bad.formUnion(accepted.recipients.filter { $0.address.user == "bad" }.map(\.dispatch))
            }
            if call == .load {
                let address = try Address(parsing: "hook:bad")
                bad = Set(try await fixture.spool.lanes(of: [address]).map(\.rawValue))
            }
            fixture.failing.fail { [bad] found, numbers in
                found == call && !bad.isDisjoint(with: numbers) ? .disk(detail: "a bad page") : nil
            }
            try await fixture.exchange.setPaused(false, mailbox: "hook")
            _ = try await advance(fixture) {
                try await fixture.spool.counts()[.delivered] == 40 ? true : nil
            }
            fixture.failing.heal()
            _ = try await advance(fixture) {
                try await fixture.spool.counts() == [.delivered: 60] ? true : nil
            }
        }
    }

    @Test("while the disk fails a step is tried less and less often, and the log says so once and then how often")
    func backoff() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            fixture.failing.fail(.load)
            for user in 0..<200 {
                let address = try Address(parsing: "hook:u\(user)")
                try await fixture.accept {
                    $0.to = [address]
                    $0.notBefore = fixture.clock.now + .seconds(1)
                }
            }
            for _ in 0..<40 {
                fixture.clock.advance(by: .milliseconds(500))
                try await fixture.loop.sleep(for: .milliseconds(2))
            }
            let loads = fixture.failing.count(of: .load)
            // Each try is one for the lanes together and one for each of them; 13 to 25 of 20 seconds' tries.
            #expect(loads > 40 && loads < 1_500)
            let told = fixture.log.events.filter { $0.name == "lanes cannot be read" }
            #expect(told.count == 1, "a minute has not passed")
            fixture.clock.advance(by: .seconds(60))
            _ = try await fixture.eventually {
                fixture.log.events.count { $0.name == "lanes cannot be read" } == 2 ? true : nil
            }
            fixture.failing.heal()
            _ = try await advance(fixture) {
                try await fixture.spool.counts() == [.delivered: 400] ? true : nil
            }
            #expect(fixture.log.events.count { $0.name == "spool works again" } == 1)
        }
    }
}
