import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

@Suite struct ExchangeTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    @Test("an accepted message is delivered, and its trace says by which route and when")
    func delivered() async throws {
        let hook = ScriptedAdapter([.delivered(remoteIDs: ["r-1"], detail: "HTTP 204")])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let acceptance = try await fixture.accept("hi")
            #expect(acceptance.recipients.map(\.address.description) == ["hook:crm"])
            let dispatch = try await fixture.dispatch(of: acceptance.id, in: .delivered)
            #expect(dispatch.summary.route.name == "all")
            #expect(dispatch.summary.route.location?.hasPrefix("routes.yaml:") == true)
            #expect(dispatch.remoteIDs == ["r-1"])
            #expect(dispatch.attempts.map(\.outcome) == [.delivered])
            #expect(dispatch.attempts.first?.detail == "HTTP 204")
            #expect(hook.texts == ["hi"])
            #expect(hook.dispatches.first?.envelope.received.map(\.router) == ["test.example"])
        }
    }

    @Test("a deferred dispatch is tried again after its pause with the same idempotency key, not before")
    func deferred() async throws {
        let hook = ScriptedAdapter([.deferred(reason: "HTTP 503", retryAfter: nil)])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let id = try await fixture.accept().id
            let waiting = try await fixture.dispatch(of: id, in: .waiting, attempts: 1)
            #expect(waiting.summary.due == fixture.clock.now + .seconds(30))
            #expect(waiting.summary.reason == "HTTP 503")
            fixture.clock.advance(by: .milliseconds(29_999))
            #expect(hook.dispatches.count == 1)
            fixture.clock.advance(by: .milliseconds(1))
            let done = try await fixture.dispatch(of: id, in: .delivered)
            #expect(done.attempts.map(\.outcome) == [.deferred, .delivered])
            #expect(Set(hook.dispatches.map(\.idempotencyKey)).count == 1)
            #expect(hook.dispatches.map(\.attempt) == [1, 2])
        }
    }

    @Test("a rejected dispatch is a dead letter, and its sender's mailbox being unable to send, the postmaster is told")
    func rejected() async throws {
        let hook = ScriptedAdapter([.rejected(reason: "HTTP 400")])
        let local = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook, local: local) { fixture in
            let id = try await fixture.accept().id
            let dead = try await fixture.dispatch(of: id, in: .dead)
            #expect(dead.summary.reason == "HTTP 400")
            let bounce = try await fixture.eventually { local.dispatches.first }
            #expect(bounce.recipient.description == "local:postmaster")
            #expect(bounce.envelope.kind == .bounce)
            #expect(bounce.envelope.text.contains("HTTP 400"))
            #expect(bounce.envelope.parent == id)
            #expect(try await fixture.spool.trace(of: id)?.children.map(\.message) == [bounce.envelope.id])
        }
    }

    @Test("a bounce goes to its sender when the sender's mailbox can send")
    func bounceHome() async throws {
        let hook = ScriptedAdapter([.rejected(reason: "no such user")])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let ann = try Address(parsing: "hook:ann")
            try await fixture.accept { $0.from = ann }
            let bounce = try await fixture.eventually { hook.dispatches.dropFirst().first }
            #expect(bounce.recipient.description == "hook:ann")
        }
    }

    @Test("what expires before the next attempt is dead and bounces")
    func expires() async throws {
        let hook = ScriptedAdapter([.deferred(reason: "HTTP 503", retryAfter: nil)])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let expires = fixture.clock.now + .seconds(10)
            let id = try await fixture.accept { $0.expires = expires }.id
            let dead = try await fixture.dispatch(of: id, in: .dead)
            #expect(dead.summary.reason == "expired at \(expires); the last attempt: HTTP 503")
        }
    }

    @Test("what has expired while its mailbox was paused is not delivered any more, but bounces")
    func expiresInQueue() async throws {
        let hook = ScriptedAdapter()
        let local = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook, local: local) { fixture in
            try await fixture.exchange.setPaused(true, mailbox: "hook")
            let expires = fixture.clock.now + .seconds(10)
            let id = try await fixture.accept { $0.expires = expires }.id
            fixture.clock.advance(by: .seconds(10))
            try await fixture.exchange.setPaused(false, mailbox: "hook")
            let dead = try await fixture.dispatch(of: id, in: .dead)
            #expect(dead.summary.reason == "expired at \(expires) before it could be tried")
            #expect(dead.attempts.isEmpty)
            _ = try await fixture.eventually { local.dispatches.first }
            #expect(hook.dispatches.isEmpty)
        }
    }

    @Test("a message for later is not delivered before its time")
    func notBefore() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let time = fixture.clock.now + .seconds(3_600)
            let id = try await fixture.accept { $0.notBefore = time }.id
            #expect(try await fixture.dispatch(of: id, in: .waiting).summary.due == time)
            #expect(hook.dispatches.isEmpty)
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(3_600))
            _ = try await fixture.dispatch(of: id, in: .delivered)
        }
    }

    @Test("the same event comes in once, and another content under its key is told apart")
    func duplicates() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let first = try await fixture.accept(eventKey: "e-1")
            let second = try await fixture.accept(eventKey: "e-1")
            #expect(!first.isDuplicate)
            #expect(second.isDuplicate)
            #expect(second.id == first.id)
            #expect(second.recipients == first.recipients)
            _ = try await fixture.dispatch(of: first.id, in: .delivered)
            #expect(hook.dispatches.count == 1)
        }
    }

    @Test("what no route takes goes to the unrouted address")
    func unrouted() async throws {
        let local = ScriptedAdapter()
        try await ExchangeFixture.run(routes: "[]", hook: ScriptedAdapter(), local: local) { fixture in
            let acceptance = try await fixture.accept()
            #expect(acceptance.recipients.map(\.route) == ["unrouted"])
            _ = try await fixture.dispatch(of: acceptance.id, in: .delivered)
            #expect(local.dispatches.first?.recipient.description == "local:postmaster")
        }
    }

    @Test("a reply to a delivered message goes to that message's sender, in its thread, with no route")
    func replyGoesHome() async throws {
        let hook = ScriptedAdapter([.delivered(remoteIDs: ["remote-7"], detail: nil)])
        let routes = #"[{match: "api:**", to: "hook:crm"}]"#
        try await ExchangeFixture.run(routes: routes, hook: hook) { fixture in
            let ann = try Address(parsing: "hook:ann")
            let original = try await fixture.accept { envelope in
                envelope.replyTo = ann
                envelope.thread = "t-1"
            }
            _ = try await fixture.dispatch(of: original.id, in: .delivered)
            var reply = Envelope(
                id: fixture.identifiers.next(), time: fixture.clock.now, from: try Address(parsing: "hook:crm"),
                topic: try Topic(parsing: "hook:reply"), parts: [.text("thanks")])
            reply.inReplyTo = "remote-7"
            let acceptance = try await fixture.exchange.accept(Arrival(envelope: reply))
            #expect(acceptance.recipients.map(\.route) == ["reply"])
            #expect(acceptance.recipients.map(\.address.description) == ["hook:ann"])
            let delivered = try await fixture.eventually { hook.dispatches.dropFirst().first }
            #expect(delivered.envelope.thread == "t-1")
            #expect(delivered.envelope.inReplyTo == original.id.description)
            #expect(delivered.remoteInReplyTo == "remote-7")
        }
    }

    @Test("our own message that comes back from a platform goes nowhere")
    func echo() async throws {
        let hook = ScriptedAdapter([.delivered(remoteIDs: ["remote-7"], detail: nil)])
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let original = try await fixture.accept()
            _ = try await fixture.dispatch(of: original.id, in: .delivered)
            let echo = Envelope(
                id: fixture.identifiers.next(), time: fixture.clock.now, from: try Address(parsing: "hook:bot"),
                topic: try Topic(parsing: "hook:message"), parts: [.text("hello")])
            let acceptance = try await fixture.exchange.accept(Arrival(envelope: echo, remoteID: "remote-7"))
            #expect(acceptance.isDuplicate)
            #expect(acceptance.id == original.id)
            #expect(hook.dispatches.count == 1)
        }
    }
}
