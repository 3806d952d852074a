import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

@Suite struct ReplayTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    private func kept(_ id: MessageID, _ fixture: ExchangeFixture) async throws -> KeptMessage {
        let page = try await fixture.spool.messages(MessageQuery(), after: 0, limit: 100)
        return try #require(page.messages.first { $0.envelope.id == id })
    }

    @Test("a replayed message is a new one that came of the old one, and both traces say so")
    func linked() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept("hello", eventKey: "event 1") {
                $0.idempotencyKey = "order-47"
                $0.thread = "case 3"
            }.id
            _ = try await fixture.dispatch(of: id, in: .delivered)
            let replayed = try await fixture.exchange.replay(
                try await kept(id, fixture), by: "ann", isDryRun: false)
            guard case .accepted(let acceptance) = replayed.outcome else {
                Issue.record("\(replayed.outcome)")
                return
            }
            _ = try await fixture.dispatch(of: acceptance.id, in: .delivered)
            #expect(hook.texts == ["hello", "hello"])
            let trace = try #require(try await fixture.spool.trace(of: acceptance.id))
            #expect(trace.envelope.parent == id && trace.envelope.root == id && trace.envelope.depth == 1)
            #expect(trace.envelope.thread == "case 3" && trace.envelope.idempotencyKey == nil)
            #expect(trace.client == "replay by ann" && trace.envelope.received.count == 1)
            let old = try #require(try await fixture.spool.trace(of: id))
            #expect(old.children.map(\.message) == [acceptance.id])
        }
    }

    @Test("a dry run tells the recipients of today's table and keeps nothing")
    func dryRun() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept("hello").id
            _ = try await fixture.dispatch(of: id, in: .delivered)
            let replayed = try await fixture.exchange.replay(try await kept(id, fixture), by: "ann", isDryRun: true)
            guard case .planned(let drafts) = replayed.outcome else {
                Issue.record("\(replayed.outcome)")
                return
            }
            #expect(drafts.map(\.recipient.description) == ["hook:crm"])
            #expect(try await fixture.spool.messages(MessageQuery(), after: 0, limit: 10).messages.count == 1)
        }
    }

    @Test("a message that has expired meanwhile is delivered all the same")
    func expired() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let expires = fixture.clock.now + .seconds(60)
            let id = try await fixture.accept("hello") { $0.expires = expires }.id
            _ = try await fixture.dispatch(of: id, in: .delivered)
            fixture.clock.advance(by: .seconds(3_600))
            let replayed = try await fixture.exchange.replay(try await kept(id, fixture), by: "ann", isDryRun: false)
            guard case .accepted(let acceptance) = replayed.outcome else {
                Issue.record("\(replayed.outcome)")
                return
            }
            _ = try await fixture.dispatch(of: acceptance.id, in: .delivered)
        }
    }

    @Test("an answer goes once more to whom it answered, though no route says so")
    func answer() async throws {
        let hook = ScriptedAdapter([.delivered(remoteIDs: ["remote 1"], detail: nil)])
        try await ExchangeFixture.run(
            routes: #"[{name: asked, match: "api:test", to: "hook:crm"}, {match: "hook:**", stop: true}]"#, hook: hook
        ) { fixture in
            let question = try await fixture.accept("who?") { $0.replyTo = try? Address(parsing: "local:ann") }.id
            _ = try await fixture.dispatch(of: question, in: .delivered)
            let answer = try await fixture.accept("me") {
                $0.inReplyTo = "remote 1"
                $0.topic = (try? Topic(source: "hook", class: "answer")) ?? $0.topic
            }.id
            let first = try await fixture.dispatch(of: answer, in: .delivered)
            #expect(first.summary.recipient.description == "local:ann")
            let replayed = try await fixture.exchange.replay(try await kept(answer, fixture), by: "ann", isDryRun: true)
            guard case .planned(let drafts) = replayed.outcome else {
                Issue.record("\(replayed.outcome)")
                return
            }
            #expect(drafts.map(\.recipient.description) == ["local:ann"])
        }
    }

    @Test("a bounce is not replayed, nor is a chain replayed without end")
    func refused() async throws {
        let hook = ScriptedAdapter([.rejected(reason: "no such user")])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept("hello").id
            _ = try await fixture.dispatch(of: id, in: .dead)
            let all = try await fixture.spool.messages(MessageQuery(), after: 0, limit: 10).messages
            let bounce = try #require(all.first { $0.envelope.kind == .bounce })
            guard case .refused = try await fixture.exchange.replay(bounce, by: "ann", isDryRun: false).outcome else {
                Issue.record("a bounce was replayed")
                return
            }
            var last = id
            for generation in 1... {
                let replayed = try await fixture.exchange.replay(
                    try await kept(last, fixture), by: "ann", isDryRun: false)
                guard case .accepted(let acceptance) = replayed.outcome else { break }
                last = acceptance.id
                try #require(generation <= 8)
            }
        }
    }
}
