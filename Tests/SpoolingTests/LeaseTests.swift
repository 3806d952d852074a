import Messages
import Spooling
import TestSupport
import Testing

@Suite struct LeaseTests {
    private let terms = LeaseTerms(count: 10, duration: .seconds(60))

    @Test("what is leased is not leased again until its time is over, and then with the same key")
    func runsOut() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            _ = try await spool.accept(fixture.entry())
            let first = try await spool.take(lane, terms, fixture)
            #expect(first.map(\.lease.attempt) == [1])
            #expect(try await spool.take(lane, terms, fixture).isEmpty)
            fixture.clock.advance(by: .seconds(60))
            let second = try await spool.take(lane, terms, fixture)
            #expect(second.map(\.lease.attempt) == [2])
            #expect(second.map(\.idempotencyKey) == first.map(\.idempotencyKey))
            let held = try await spool.settle(first.map(\.lease), lane: lane, as: .delivered, at: fixture.clock.now)
            #expect(held == [false])
            #expect(try await spool.counts() == [.waiting: 1])
        }
    }

    @Test("a lease lasts over a restart, and is acknowledged after it")
    func restart() async throws {
        try await withFixture { fixture in
            let lane = try Address(parsing: "work:C1")
            let leased = try await fixture.open { spool in
                _ = try await spool.accept([fixture.entry("a"), fixture.entry("b")])
                return try await spool.take(lane, terms, fixture)
            }
            try await fixture.open { spool in
                fixture.clock.advance(by: .seconds(59))
                #expect(try await spool.take(lane, terms, fixture).isEmpty)
                let held = try await spool.settle(
                    [leased[0].lease], lane: lane, as: .delivered, at: fixture.clock.now)
                #expect(held == [true])
                fixture.clock.advance(by: .seconds(1))
                let again = try await spool.take(lane, terms, fixture)
                #expect(again.map(\.message) == [leased[1].message])
                #expect(again.map(\.lease.attempt) == [2])
            }
        }
    }

    @Test("of a thread only the first open dispatch is leased, whatever was given back")
    func threads() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            for (text, thread) in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("c", nil)] {
                _ = try await spool.accept(fixture.entry(text, thread: thread))
            }
            let first = try await spool.take(lane, terms, fixture)
            #expect(first.map(\.subject) == ["a1", "b1", "c"])
            let back = LeaseEnding.returned(reason: "busy", due: fixture.clock.now + .seconds(5))
            #expect(try await spool.settle([first[0].lease], lane: lane, as: back, at: fixture.clock.now) == [true])
            #expect(try await spool.take(lane, terms, fixture).isEmpty)
            fixture.clock.advance(by: .seconds(5))
            let second = try await spool.take(lane, terms, fixture)
            #expect(second.map(\.subject) == ["a1"])
            _ = try await spool.settle(second.map(\.lease), lane: lane, as: .delivered, at: fixture.clock.now)
            #expect(try await spool.take(lane, terms, fixture).map(\.subject) == ["a2"])
        }
    }

    @Test("a lease can be prolonged, and ended by the lane it is of alone")
    func extends() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            _ = try await spool.accept(fixture.entry(to: ["work:C1", "work:C2"]))
            let leases = try await spool.take(lane, terms, fixture).map(\.lease)
            let until = LeaseEnding.extended(until: fixture.clock.now + .seconds(120))
            #expect(try await spool.settle(leases, lane: lane, as: until, at: fixture.clock.now) == [true])
            fixture.clock.advance(by: .seconds(100))
            #expect(try await spool.take(lane, terms, fixture).isEmpty)
            let stranger = try Address(parsing: "work:C2")
            #expect(
                try await spool.settle(leases, lane: stranger, as: .delivered, at: fixture.clock.now) == [false])
            #expect(try await spool.settle(leases, lane: lane, as: .delivered, at: fixture.clock.now) == [true])
            #expect(try await spool.settle(leases, lane: lane, as: .delivered, at: fixture.clock.now) == [false])
        }
    }

    @Test("the trace tells of each lease, those that ran out and were given back too")
    func trace() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            let entry = try fixture.entry()
            _ = try await spool.accept(entry)
            _ = try await spool.take(lane, terms, fixture)
            fixture.clock.advance(by: .seconds(60))
            let second = try await spool.take(lane, terms, fixture).map(\.lease)
            let back = LeaseEnding.returned(reason: "busy", due: fixture.clock.now)
            _ = try await spool.settle(second, lane: lane, as: back, at: fixture.clock.now)
            let third = try await spool.take(lane, terms, fixture).map(\.lease)
            _ = try await spool.settle(third, lane: lane, as: .delivered, at: fixture.clock.now)
            let dispatch = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
            #expect(dispatch.attempts.map(\.outcome) == [.unknown, .deferred, .delivered])
            #expect(dispatch.attempts.map(\.detail) == ["the lease ran out", "busy", nil])
            #expect(dispatch.summary.state == .delivered)
        }
    }

    @Test("a full answer says that there may be more, and an empty one when to look again")
    func hints() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            _ = try await spool.accept([fixture.entry("a"), fixture.entry("b")])
            let one = LeaseTerms(count: 1, duration: .seconds(30))
            let now = fixture.clock.now
            let first = try await spool.lease(lane: lane, one, patience: .seconds(1_000), at: now)
            #expect(first.mayHaveMore)
            _ = try await spool.lease(lane: lane, terms, patience: .seconds(1_000), at: now)
            let none = try await spool.lease(lane: lane, terms, patience: .seconds(1_000), at: now)
            #expect(none.dispatches.isEmpty && !none.mayHaveMore)
            #expect(none.nextDue == now + .seconds(30))
        }
    }

    @Test("what has waited for too long is named, and not leased")
    func expired() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            var own = try fixture.entry("own")
            own.envelope.expires = fixture.clock.now + .seconds(10)
            _ = try await spool.accept([own, fixture.entry("old")])
            fixture.clock.advance(by: .seconds(20))
            let found = try await spool.lease(lane: lane, terms, patience: .seconds(30), at: fixture.clock.now)
            #expect(found.expired.map(\.subject) == ["own"])
            #expect(found.dispatches.map(\.subject) == ["old"])
            fixture.clock.advance(by: .seconds(60))
            let later = try await spool.lease(lane: lane, terms, patience: .seconds(30), at: fixture.clock.now)
            #expect(later.expired.map(\.subject) == ["own", "old"])
        }
    }

    @Test("what an operator holds is not leased, and its lease is void")
    func held() async throws {
        try await withSpool { spool, fixture in
            let lane = try Address(parsing: "work:C1")
            _ = try await spool.accept(fixture.entry())
            let leases = try await spool.take(lane, terms, fixture).map(\.lease)
            _ = try await spool.apply(
                .hold(reason: "stop"), to: DispatchFilter(), by: "op", at: fixture.clock.now, isDryRun: false)
            #expect(try await spool.settle(leases, lane: lane, as: .delivered, at: fixture.clock.now) == [false])
            _ = try await spool.apply(
                .release, to: DispatchFilter(), by: "op", at: fixture.clock.now, isDryRun: false)
            #expect(try await spool.take(lane, terms, fixture).map(\.lease.attempt) == [2])
        }
    }
}

extension SQLiteSpool {
    fileprivate func take(
        _ lane: Address, _ terms: LeaseTerms, _ fixture: SpoolFixture
    ) async throws -> [LeasedDispatch] {
        try await lease(lane: lane, terms, patience: .seconds(86_400), at: fixture.clock.now).dispatches
    }
}

extension LeasedDispatch {
    fileprivate var subject: String? { (try? Envelope(parsing: envelope))?.subject }
}
