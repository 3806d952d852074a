import Logging
import Messages
import Spooling
import TestSupport
import Testing

@Suite struct AttemptTests {
    @Test("attempts of a batch are settled in one commit, each for itself")
    func batch() async throws {
        try await withSpool { spool, fixture in
            let numbers = try await spool.accept(fixture.entry(to: ["work:a", "work:b", "work:c"])).numbers
            _ = try await spool.begin(numbers.dropLast().map { fixture.start($0) })
            let before = spool.commitCount
            try await spool.settle([
                fixture.settlement(numbers[0], .delivered(remoteIDs: ["x"], detail: nil)),
                // Not its last attempt: nothing changes.
                fixture.settlement(numbers[1], attempt: 2, .delivered(remoteIDs: [], detail: nil)),
                fixture.settlement(numbers[2], attempt: 0, .dead(reason: "gone", bounce: try fixture.entry("bounce"))),
            ])
            #expect(spool.commitCount == before + 1)
            #expect(try await spool.counts() == [.delivered: 1, .trying: 1, .dead: 1, .waiting: 1])
        }
    }

    @Test("an attempt that was made already does not begin again, be the caller's copy ever so old")
    func staleBegin() async throws {
        try await withSpool { spool, fixture in
            let number = try await spool.acceptOne(fixture.entry())
            #expect(try await spool.begin([fixture.start(number)]) == [number])
            let due = fixture.clock.now
            try await spool.settle(fixture.settlement(number, .deferred(reason: "HTTP 503", due: due)))
            #expect(try await spool.begin([fixture.start(number)]) == [])
            #expect(try await spool.begin([fixture.start(number, attempt: 3)]) == [])
            #expect(try await spool.begin([fixture.start(number, attempt: 2)]) == [number])
        }
    }

    @Test("a delivered dispatch is settled, with its attempt and the platform's ids")
    func delivered() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry()
            let number = try await spool.acceptOne(entry)
            #expect(try await spool.begin([fixture.start(number)]) == [number])
            #expect(try await spool.counts() == [.trying: 1])
            let outcome = Settlement.Outcome.delivered(remoteIDs: ["1700.1", "1700.2"], detail: "ok")
            try await spool.settle(fixture.settlement(number, outcome))
            let trace = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
            #expect(trace.summary.state == .delivered)
            #expect(trace.summary.settled == fixture.clock.now + .seconds(1))
            #expect(
                trace.attempts == [
                    AttemptTrace(
                        attempt: 1, started: fixture.clock.now, finished: fixture.clock.now + .seconds(1),
                        outcome: .delivered, detail: "ok")
                ])
            #expect(trace.remoteIDs == ["1700.1", "1700.2"])
            #expect(try await spool.counts() == [.delivered: 1])
        }
    }

    @Test("every attempt stays in the trace, in order, with how it ended")
    func attempts() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry()
            let number = try await spool.acceptOne(entry)
            let due = fixture.clock.now + .seconds(30)
            _ = try await spool.begin([fixture.start(number)])
            try await spool.settle(fixture.settlement(number, .deferred(reason: "busy", due: due)))
            _ = try await spool.begin([fixture.start(number, attempt: 2)])
            try await spool.settle(fixture.settlement(number, attempt: 2, .unknown(reason: "timeout", due: due)))
            _ = try await spool.begin([fixture.start(number, attempt: 3)])
            let open = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
            #expect(open.attempts.map(\.outcome) == [.deferred, .unknown, .unfinished])
            try await spool.settle(fixture.settlement(number, attempt: 3, .dead(reason: "gone", bounce: nil)))
            let trace = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
            #expect(trace.attempts.map(\.attempt) == [1, 2, 3])
            #expect(trace.attempts.map(\.outcome) == [.deferred, .unknown, .rejected])
            #expect(trace.attempts.map(\.detail) == ["busy", "timeout", "gone"])
            #expect(trace.summary.attempts == 3 && trace.summary.state == .dead && trace.summary.reason == "gone")
        }
    }

    @Test("a deferred dispatch waits until it is due")
    func deferred() async throws {
        try await withSpool { spool, fixture in
            let number = try await spool.acceptOne(fixture.entry())
            let due = fixture.clock.now + .seconds(30)
            _ = try await spool.begin([fixture.start(number)])
            try await spool.settle(fixture.settlement(number, .deferred(reason: "busy", due: due)))
            let early = try await spool.load("work:C1", by: fixture.clock.now)
            #expect(early.dispatches.isEmpty && early.hasMore && early.nextDue == due)
            let onTime = try await spool.load("work:C1", by: due)
            #expect(onTime.dispatches.map(\.number) == [number] && onTime.dispatches.first?.attempts == 1)
        }
    }

    @Test("only what waits may be begun")
    func begin() async throws {
        try await withSpool { spool, fixture in
            let held = try await spool.acceptOne(fixture.entry(state: .held))
            let waiting = try await spool.acceptOne(fixture.entry())
            let starts = [fixture.start(held), fixture.start(waiting), fixture.start(999)]
            #expect(try await spool.begin(starts) == [waiting])
            #expect(try await spool.begin(starts) == [])
            #expect(try await spool.counts() == [.held: 1, .trying: 1])
        }
    }

    @Test("a bounce is accepted with the end of its dispatch, and announced")
    func bounce() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry()
            let number = try await spool.acceptOne(entry)
            var batches = spool.committed.makeAsyncIterator()
            _ = await batches.next()
            var bounce = try fixture.entry("undeliverable", to: ["mail:ann@example.org"])
            bounce.envelope.parent = entry.envelope.id
            _ = try await spool.begin([fixture.start(number)])
            try await spool.settle(fixture.settlement(number, .dead(reason: "no such user", bounce: bounce)))
            #expect(try await spool.trace(of: entry.envelope.id)?.children.map(\.message) == [bounce.envelope.id])
            #expect(await batches.next()?.map(\.envelope.id) == [bounce.envelope.id])
            #expect(try await spool.counts() == [.dead: 1, .waiting: 1])
        }
    }

    @Test("a settlement that comes twice or too late changes nothing and bounces nobody")
    func twice() async throws {
        try await withSpool { spool, fixture in
            let number = try await spool.acceptOne(fixture.entry())
            _ = try await spool.begin([fixture.start(number)])
            try await spool.settle(fixture.settlement(number, .delivered(remoteIDs: [], detail: nil)))
            let bounce = try fixture.entry("undeliverable")
            try await spool.settle(fixture.settlement(number, .dead(reason: "late", bounce: bounce)))
            try await spool.settle(fixture.settlement(4_242, .delivered(remoteIDs: [], detail: nil)))
            #expect(try await spool.counts() == [.delivered: 1])
            #expect(fixture.log.events.filter { $0.name == "settlement ignored" }.count == 2)
        }
    }

    @Test("a dispatch that expires in the queue is settled without an attempt")
    func expired() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry()
            let number = try await spool.acceptOne(entry)
            try await spool.settle(fixture.settlement(number, attempt: 0, .dead(reason: "expired", bounce: nil)))
            let trace = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
            #expect(trace.summary.state == .dead && trace.summary.reason == "expired" && trace.attempts.isEmpty)
        }
    }

    @Test("an attempt that the end of the process cut off is told as unknown, and made again")
    func recovery() async throws {
        try await withFixture { fixture in
            let entry = try fixture.entry()
            try await fixture.open { spool in
                let number = try await spool.acceptOne(entry)
                _ = try await spool.begin([fixture.start(number)])
            }
            fixture.clock.advance(by: .seconds(10))
            try await fixture.open { spool in
                let trace = try #require(try await spool.trace(of: entry.envelope.id)?.dispatches.first)
                #expect(trace.summary.state == .waiting && trace.attempts.map(\.outcome) == [.unknown])
                #expect(try await spool.load("work:C1", by: fixture.clock.now).dispatches.first?.attempts == 1)
                #expect(try await spool.counts() == [.waiting: 1])
            }
            #expect(fixture.log.events.contains { $0.name == "attempts of the last run were unfinished" })
        }
    }
}
