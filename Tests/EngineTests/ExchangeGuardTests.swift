import AdapterKit
import Messages
import Spooling
import TestSupport
import Testing

@testable import Engine

/// What keeps loops from running and automatic mail from being answered (I5, I6).
@Suite struct ExchangeGuardTests {
    private let toHook = #"[{name: all, match: "api:**", to: "hook:crm"}]"#

    @Test("a message that has passed 16 routers is refused, one that has passed 15 is not")
    func hops() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            let hops = (1...16).map { Hop(router: "r\($0).example", time: fixture.clock.now, by: "x") }
            try await fixture.accept { $0.received = Array(hops.prefix(15)) }
            await #expect(throws: AcceptError.self) { try await fixture.accept { $0.received = hops } }
        }
    }

    @Test("a message that carries this router's name twice is refused as a loop")
    func loop() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            let own = Hop(router: "test.example", time: fixture.clock.now, by: "x")
            try await fixture.accept { $0.received = [own] }
            let expected = AcceptError.refused(reason: "the message has passed test.example twice: a mail loop")
            await #expect(throws: expected) { try await fixture.accept { $0.received = [own, own] } }
        }
    }

    @Test("a chain ends after 8 generations")
    func depth() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            try await fixture.accept { $0.depth = 8 }
            await #expect(throws: AcceptError.self) { try await fixture.accept { $0.depth = 9 } }
        }
    }

    @Test("automatic mail that cannot be delivered is a dead letter without a bounce")
    func noBounceForAutomaticMail() async throws {
        let local = ScriptedAdapter()
        let hook = ScriptedAdapter([.rejected(reason: "no")])
        try await ExchangeFixture.run(routes: toHook, hook: hook, local: local) { fixture in
            let id = try await fixture.accept { $0.sender = Sender(isAutomatic: true) }.id
            _ = try await fixture.dispatch(of: id, in: .dead)
            #expect(try await fixture.spool.trace(of: id)?.children == [])
            #expect(local.dispatches.isEmpty)
        }
    }

    @Test("a bounce that cannot be delivered is a dead letter, and no bounce of a bounce")
    func noBounceForBounces() async throws {
        let hook = ScriptedAdapter([.rejected(reason: "no")])
        let local = ScriptedAdapter([.rejected(reason: "the postmaster is away")])
        try await ExchangeFixture.run(routes: toHook, hook: hook, local: local) { fixture in
            let id = try await fixture.accept().id
            let bounce = try await fixture.eventually { try await fixture.spool.trace(of: id)?.children.first?.message }
            _ = try await fixture.dispatch(of: bounce, in: .dead)
            #expect(try await fixture.spool.trace(of: bounce)?.children == [])
        }
    }

    @Test("a recipient that no mailbox has is refused, and says which")
    func unknownRecipient() async throws {
        try await ExchangeFixture.run(routes: toHook, hook: ScriptedAdapter()) { fixture in
            let nowhere = try Address(parsing: "telegraph:ann")
            let expected = AcceptError.refused(
                reason: "cannot deliver to telegraph:ann: no mailbox named \"telegraph\"")
            await #expect(throws: expected) { try await fixture.accept { $0.to = [nowhere] } }
        }
    }

    @Test("typing and read receipts are taken and not kept")
    func fleeting() async throws {
        let hook = ScriptedAdapter()
        try await ExchangeFixture.run(routes: toHook, hook: hook) { fixture in
            let acceptance = try await fixture.accept { $0.kind = .typing }
            #expect(acceptance.recipients.isEmpty)
            #expect(try await fixture.spool.trace(of: acceptance.id) == nil)
        }
    }
}
