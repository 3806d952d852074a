import Messages
import Spooling
import TestSupport
import Testing

@Suite struct RerouteTests {
    private func reroute(
        _ filter: String, to recipient: String, _ spool: SQLiteSpool, _ fixture: SpoolFixture, isDryRun: Bool = false
    ) async throws -> [DispatchSummary] {
        let now = fixture.clock.now
        return try await spool.apply(
            .reroute(to: Address(parsing: recipient), reason: "crm is gone"),
            to: DispatchFilter(parsing: filter, now: now), by: "ann", at: now, isDryRun: isDryRun)
    }

    private func makeDead(_ number: Int64, _ spool: SQLiteSpool, _ fixture: SpoolFixture) async throws {
        _ = try await spool.begin([fixture.start(number)])
        try await spool.settle(fixture.settlement(number, .dead(reason: "gone", bounce: nil)))
    }

    @Test("what is rerouted goes elsewhere under a number of its own, and both traces say so")
    func reroute() async throws {
        try await withSpool { spool, fixture in
            let number = try await spool.acceptOne(fixture.entry(to: ["work:a"]))
            try await makeDead(number, spool, fixture)
            let new = try await reroute("state=dead", to: "work:b", spool, fixture)
            #expect(new.map(\.number) == [number + 1] && new.map(\.state) == [.waiting])
            #expect(new.map(\.recipient.description) == ["work:b"] && new.map(\.reroutedFrom) == [number])
            let trace = try #require(try await spool.trace(of: new[0].message))
            #expect(trace.dispatches.map(\.summary.state) == [.dropped, .waiting])
            #expect(trace.dispatches[0].summary.reason == "rerouted to work:b (dispatch \(number + 1)): crm is gone")
            #expect(trace.dispatches[1].steps.last?.changes == ["from work:a (dispatch \(number)): crm is gone"])
            let load = try await spool.load("work:b", by: fixture.clock.now)
            #expect(load.dispatches.map(\.number) == [number + 1] && load.dispatches.map(\.attempts) == [0])
            #expect(try await spool.counts() == [.dropped: 1, .waiting: 1])
        }
    }

    @Test("an address that has the message gets no second copy, in a dry run neither")
    func once() async throws {
        try await withSpool { spool, fixture in
            let numbers = try await spool.accept(fixture.entry(to: ["work:a", "work:b", "work:c"])).numbers
            for number in numbers.dropFirst() { try await makeDead(number, spool, fixture) }
            #expect(try await reroute("state=dead", to: "work:a", spool, fixture, isDryRun: true).isEmpty)
            #expect(try await reroute("state=dead", to: "work:a", spool, fixture).isEmpty)
            #expect(try await reroute("to=work:b", to: "work:b", spool, fixture).isEmpty)
            // Of two that would go to the same new address the first does.
            let moved = try await reroute("state=dead", to: "work:d", spool, fixture)
            #expect(moved.map(\.reroutedFrom) == [numbers[1]])
            // And back again, for nothing of it is there any more.
            #expect(try await reroute("to=work:d", to: "work:b", spool, fixture).count == 1)
        }
    }

    @Test("every part of a message that a stage has split may go to the new address, in order")
    func parts() async throws {
        try await withSpool { spool, fixture in
            let numbers = try await spool.accept(fixture.entry(to: ["work:a", "work:a", "work:a"])).numbers
            let moved = try await reroute("to=work:a", to: "work:b", spool, fixture)
            #expect(moved.map(\.number).sorted() == [numbers[2] + 1, numbers[2] + 2, numbers[2] + 3])
            #expect(moved.sorted { $0.number < $1.number }.map(\.reroutedFrom) == numbers.map(Optional.some))
        }
    }

    @Test("many messages are rerouted in the order of their acceptance, though the newest is found first")
    func many() async throws {
        try await withSpool { spool, fixture in
            for text in 0..<600 { _ = try await spool.accept(fixture.entry("\(text)", thread: "t")) }
            #expect(try await reroute("", to: "work:b", spool, fixture).count == 600)
            let load = try await spool.load("work:b", by: fixture.clock.now, limit: 600)
            #expect(load.dispatches.compactMap(\.envelope.subject) == (0..<600).map(String.init))
            let audit = try await spool.audit(before: nil, limit: 10)
            #expect(audit.map(\.changed) == [600] && audit.map(\.action) == ["reroute"])
            #expect(audit.map(\.target) == ["work:b"] && audit.map(\.reason) == ["crm is gone"])
        }
    }

    @Test("what is held stays held at its new address, and what waits for its time keeps it")
    func unchanged() async throws {
        try await withSpool { spool, fixture in
            let later = fixture.clock.now + .seconds(60)
            _ = try await spool.accept(fixture.entry(to: ["work:a"], due: later))
            _ = try await spool.accept(fixture.entry(to: ["work:a"], state: .held))
            let moved = try await reroute("", to: "work:b", spool, fixture)
            #expect(moved.map(\.state) == [.held, .waiting])
            #expect(moved[0].reason == "for a reason" && moved[1].due == later)
            #expect(try await spool.load("work:b", by: fixture.clock.now).dispatches.isEmpty)
            #expect(try await spool.load("work:b", by: later).dispatches.count == 1)
        }
    }
}
