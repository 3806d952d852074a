import AdapterKit
import Configuration
import Messages
import Routing
import Spooling
import Stages
import TestSupport
import Testing

@testable import Engine

@Suite struct HeldDispatchTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    private func use(_ stages: [any Stage], _ fixture: ExchangeFixture, name: String = "asked") throws {
        let steps = stages.map { StageChain.Step(name: "\(type(of: $0))", stage: $0, position: .builtIn) }
        let route = Route(
            name: name, patterns: [try TopicPattern(parsing: "api:**")], chain: StageChain(steps),
            targets: [.address(try Address(parsing: "hook:crm"))], position: .builtIn)
        let postmaster = try Address(parsing: "local:postmaster")
        fixture.exchange.use(
            RoutingState(
                table: RouteTable(routes: [route], unrouted: postmaster), router: "test.example",
                postmaster: postmaster, mailboxes: ["api": false, "hook": true, "local": true]))
    }

    private func release(_ fixture: ExchangeFixture, _ action: DispatchAction = .release) async throws {
        var filter = DispatchFilter()
        filter.states = [.held]
        _ = try await fixture.exchange.apply(action, to: filter, by: "ann", isDryRun: false)
    }

    @Test("a released dispatch goes on with the stages after the hold, and the trace has them all")
    func release() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try use([HoldingStage(), AppendingStage(text: " after")], fixture)
            let id = try await fixture.accept("before").id
            let held = try await fixture.dispatch(of: id, in: .held)
            #expect(held.summary.reason == "HoldingStage: ask ann" && held.summary.nextStage == 1)
            try await release(fixture)
            let done = try await fixture.dispatch(of: id, in: .delivered)
            #expect(hook.texts == ["before after"])
            #expect(done.steps.map(\.stage) == ["HoldingStage", "AppendingStage"])
        }
    }

    @Test("a dispatch that is released as it is passes no further stage")
    func asItIs() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try use([HoldingStage(), AppendingStage(text: " after")], fixture)
            let id = try await fixture.accept("before").id
            _ = try await fixture.dispatch(of: id, in: .held)
            try await release(fixture, .releaseAsItIs)
            _ = try await fixture.dispatch(of: id, in: .delivered)
            #expect(hook.texts == ["before"])
        }
    }

    @Test("a stage that holds until a time lets go then, and the stages after it follow")
    func untilTime() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let time = fixture.clock.now + .seconds(60)
            try use([HoldingStage(until: time), AppendingStage(text: " after")], fixture)
            let id = try await fixture.accept("before").id
            let waiting = try await fixture.dispatch(of: id, in: .waiting)
            #expect(waiting.summary.due == time && waiting.summary.reason == "HoldingStage: ask ann")
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(60))
            _ = try await fixture.dispatch(of: id, in: .delivered)
            #expect(hook.texts == ["before after"])
        }
    }

    @Test("a second stage may hold it again, or drop it")
    func again() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try use([HoldingStage(), AppendingStage(text: "!"), HoldingStage(), DroppingStage()], fixture)
            let id = try await fixture.accept("x").id
            _ = try await fixture.dispatch(of: id, in: .held)
            try await release(fixture)
            _ = try await fixture.eventually {
                let state = try await fixture.spool.trace(of: id)?.dispatches.first?.summary
                return state?.state == .held && state?.nextStage == 3 ? true : nil
            }
            try await release(fixture)
            let dropped = try await fixture.dispatch(of: id, in: .dropped)
            #expect(dropped.summary.reason == "DroppingStage: no" && hook.texts.isEmpty)
            #expect(dropped.envelope?.text == "x!")
        }
    }

    @Test("what stands behind a held message in its thread waits, and follows it when it is released (I3)")
    func order() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try use([HoldingStage(), AppendingStage(text: "!")], fixture)
            let first = try await fixture.accept("1") { $0.thread = "t" }.id
            _ = try await fixture.dispatch(of: first, in: .held)
            try use([], fixture)
            let second = try await fixture.accept("2") { $0.thread = "t" }.id
            let other = try await fixture.accept("3").id
            _ = try await fixture.dispatch(of: other, in: .delivered)
            #expect(hook.texts == ["3"])
            try use([HoldingStage(), AppendingStage(text: "!")], fixture)
            try await release(fixture)
            _ = try await fixture.dispatch(of: second, in: .delivered)
            #expect(hook.texts == ["3", "1!", "2"])
        }
    }

    @Test("a dispatch whose route is gone is held again, and says what to do")
    func lost() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            try use([HoldingStage(), AppendingStage(text: "!")], fixture)
            let id = try await fixture.accept("x").id
            _ = try await fixture.dispatch(of: id, in: .held)
            try use([], fixture, name: "another")
            try await release(fixture)
            let reason = try await fixture.eventually {
                let found = try await fixture.spool.trace(of: id)?.dispatches.first?.summary
                return found?.reason?.hasPrefix("the route \"asked\"") == true ? found?.state : nil
            }
            #expect(reason == .held && hook.texts.isEmpty)
        }
    }
}

private struct HoldingStage: Stage {
    static let declaration = StageDeclaration(
        setting: Setting("holding", .any, "Holds."), summary: "Holds.",
        example: StageExample("holding", before: [:], .passes([:])))
    var until: Timestamp?

    init(until: Timestamp? = nil) { self.until = until }
    init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) { self.init() }
    func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        .hold(reason: "ask ann", until: until)
    }
}

private struct AppendingStage: Stage {
    static let declaration = StageDeclaration(
        setting: Setting("appending", .any, "Appends."), summary: "Appends.",
        example: StageExample("appending", before: [:], .passes([:])))
    var text: String

    init(text: String) { self.text = text }
    init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) { self.init(text: "") }
    func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var envelope = envelope
        envelope.parts = [.text(envelope.text + text)]
        return .pass(envelope)
    }
}

private struct DroppingStage: Stage {
    static let declaration = StageDeclaration(
        setting: Setting("dropping", .any, "Drops."), summary: "Drops.",
        example: StageExample("dropping", before: [:], .passes([:])))

    init() {}
    init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {}
    func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult { .drop(reason: "no") }
}
