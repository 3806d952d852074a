import Messages
import Spooling
import TestSupport
import Testing

@Suite struct ResumeTests {
    private func hold(_ spool: SQLiteSpool, _ fixture: SpoolFixture, until: Timestamp? = nil) async throws -> Int64 {
        var entry = try fixture.entry(due: until, state: until == nil ? .held : .waiting)
        entry.dispatches[0].nextStage = 1
        entry.dispatches[0].steps = [StepNote(stage: "confirm", changes: ["held: ask"])]
        return try await spool.acceptOne(entry)
    }

    private func release(_ action: DispatchAction, _ spool: SQLiteSpool, _ fixture: SpoolFixture) async throws {
        var filter = DispatchFilter()
        filter.states = [.held]
        _ = try await spool.apply(action, to: filter, by: "ann", at: fixture.clock.now, isDryRun: false)
    }

    private func drafts(_ fixture: SpoolFixture, _ recipients: [String]) throws -> SpoolEntry {
        var entry = try fixture.entry("after", to: recipients)
        entry.dispatches[0].steps = [StepNote(stage: "truncate", changes: ["text: 9 → 5 characters"])]
        entry.dispatches[0].envelope = entry.envelope
        return entry
    }

    @Test("a released dispatch says which stage comes next, until what that made of it is written")
    func resumes() async throws {
        try await withSpool { spool, fixture in
            let number = try await hold(spool, fixture)
            let isHeld = try await spool.resume(number, as: drafts(fixture, ["work:C1"]), at: fixture.clock.now)
            #expect(!isHeld)
            try await release(.release, spool, fixture)
            #expect(try await spool.load("work:C1", by: fixture.clock.now).dispatches.map(\.nextStage) == [1])
            let entry = try drafts(fixture, ["work:C1", "work:tap"])
            let isWritten = try await spool.resume(number, as: entry, at: fixture.clock.now)
            let isWrittenTwice = try await spool.resume(number, as: entry, at: fixture.clock.now)
            #expect(isWritten && !isWrittenTwice)
            let loaded = try await spool.load("work:C1", by: fixture.clock.now).dispatches
            #expect(loaded.map(\.nextStage) == [nil] && loaded.map(\.envelope.subject) == ["after"])
            #expect(try await spool.load("work:tap", by: fixture.clock.now).dispatches.map(\.number) == [number + 1])
            let message = try await spool.list("number=\(number)")[0].message
            let steps = try await spool.trace(of: message)?.dispatches[0].steps.map(\.stage)
            #expect(steps == ["confirm", "truncate"])
        }
    }

    @Test("what is released as it is has no stage left")
    func asItIs() async throws {
        try await withSpool { spool, fixture in
            _ = try await hold(spool, fixture)
            try await release(.releaseAsItIs, spool, fixture)
            #expect(try await spool.load("work:C1", by: fixture.clock.now).dispatches.map(\.nextStage) == [nil])
        }
    }

    @Test("a hold until a time ends by itself, over a restart too, and is listed with its reason meanwhile")
    func untilTime() async throws {
        try await withFixture { fixture in
            let time = fixture.clock.now + .seconds(3_600)
            try await fixture.open { spool in
                _ = try await spool.accept(fixture.entry())
                _ = try await spool.apply(
                    .hold(reason: "until the party", until: time), to: DispatchFilter(), by: "ann",
                    at: fixture.clock.now, isDryRun: false)
            }
            try await fixture.open { spool in
                #expect(try await spool.list("state=waiting").map(\.reason) == ["until the party"])
                let early = try await spool.load("work:C1", by: fixture.clock.now)
                #expect(early.dispatches.isEmpty && early.nextDue == time)
                #expect(try await spool.load("work:C1", by: time).dispatches.count == 1)
                let audit = try await spool.audit(before: nil, limit: 1)
                #expect(audit.map(\.target) == [time.description])
            }
        }
    }

    @Test("a retried dispatch is given its whole time anew, also over a restart")
    func patience() async throws {
        try await withFixture { fixture in
            let later = fixture.clock.now + .seconds(1_000_000)
            try await fixture.open { spool in
                let number = try await spool.acceptOne(fixture.entry())
                _ = try await spool.begin([fixture.start(number)])
                try await spool.settle(fixture.settlement(number, .dead(reason: "expired", bounce: nil)))
                _ = try await spool.apply(.retry, to: DispatchFilter(), by: "ann", at: later, isDryRun: false)
            }
            try await fixture.open { spool in
                let loaded = try await spool.load("work:C1", by: later).dispatches
                #expect(loaded.map(\.since) == [later])
            }
        }
    }

    @Test("what a crash interrupted is named at the start, and listed by how it ended")
    func interrupted() async throws {
        try await withFixture { fixture in
            let number = try await fixture.open { spool in
                let number = try await spool.acceptOne(fixture.entry())
                _ = try await spool.begin([fixture.start(number)])
                return number
            }
            try await fixture.open { spool in
                let interrupted = try await spool.interrupted()
                let unknown = try await spool.list("last=unknown,rejected")
                let delivered = try await spool.list("last=delivered")
                #expect(interrupted == [number] && unknown.map(\.number) == [number] && delivered.isEmpty)
            }
        }
    }

    @Test("what a crash interrupted is named again when the next run dies before anybody has seen to it")
    func interruptedTwice() async throws {
        try await withFixture { fixture in
            let numbers = try await fixture.open { spool in
                let numbers = [
                    try await spool.acceptOne(fixture.entry()), try await spool.acceptOne(fixture.entry()),
                ]
                _ = try await spool.begin([fixture.start(numbers[0])])
                return numbers
            }
            try await fixture.open { spool in
                let first = try await spool.interrupted()
                #expect(first == [numbers[0]])
                _ = try await spool.begin([fixture.start(numbers[1])])
            }
            try await fixture.open { spool in
                let both = try await spool.interrupted()
                try await spool.forgetInterrupted()
                let none = try await spool.interrupted()
                #expect(both == numbers && none.isEmpty)
            }
            try await fixture.open { spool in
                let none = try await spool.interrupted()
                #expect(none.isEmpty)
            }
        }
    }
}
