import Files
import Messages
import SQLite
import Spooling
import TestSupport
import Testing

@Suite struct ActionTests {
    private func makeDead(_ spool: SQLiteSpool, _ fixture: SpoolFixture) async throws -> Int64 {
        let number = try await spool.acceptOne(fixture.entry())
        _ = try await spool.begin([fixture.start(number)])
        try await spool.settle(fixture.settlement(number, .dead(reason: "gone", bounce: nil)))
        return number
    }

    private func apply(
        _ action: DispatchAction, _ filter: String, _ spool: SQLiteSpool, _ fixture: SpoolFixture,
        isDryRun: Bool = false
    ) async throws -> [DispatchSummary] {
        let now = fixture.clock.now
        return try await spool.apply(
            action, to: DispatchFilter(parsing: filter, now: now), by: "ann", at: now, isDryRun: isDryRun)
    }

    @Test("a dead letter is retried with its attempts counted from zero, and its old attempts in the trace")
    func retry() async throws {
        try await withSpool { spool, fixture in
            let number = try await makeDead(spool, fixture)
            fixture.clock.advance(by: .seconds(5))
            let changed = try await apply(.retry, "state=dead", spool, fixture)
            #expect(changed.map(\.state) == [.waiting] && changed.map(\.attempts) == [0])
            let load = try await spool.load("work:C1", by: fixture.clock.now)
            #expect(load.dispatches.map(\.number) == [number] && load.dispatches.map(\.attempts) == [0])
            #expect(try await spool.begin([fixture.start(number)]) == [number])
            let message = changed[0].message
            let attempts = try await spool.trace(of: message)?.dispatches[0].attempts
            #expect(attempts?.map(\.outcome) == [.rejected, .unfinished])
            #expect(attempts?.map(\.attempt) == [1, 1])
        }
    }

    @Test("a waiting dispatch that is retried is due now")
    func retryWaiting() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry(due: fixture.clock.now + .seconds(3_600)))
            #expect(try await apply(.retry, "", spool, fixture).map(\.due) == [fixture.clock.now])
            #expect(try await spool.load("work:C1", by: fixture.clock.now).dispatches.count == 1)
        }
    }

    @Test("what is held is not tried until it is released")
    func hold() async throws {
        try await withSpool { spool, fixture in
            let number = try await spool.acceptOne(fixture.entry())
            let held = try await apply(.hold(reason: "by hand"), "to=work:*", spool, fixture)
            #expect(held.map(\.state) == [.held] && held.map(\.reason) == ["by hand"])
            #expect(try await spool.begin([fixture.start(number)]) == [])
            #expect(try await apply(.retry, "", spool, fixture).isEmpty)
            #expect(try await apply(.release, "state=held", spool, fixture).map(\.state) == [.waiting])
            #expect(try await spool.begin([fixture.start(number)]) == [number])
        }
    }

    @Test("a dropped dispatch is settled with its reason and can be retried")
    func drop() async throws {
        try await withSpool { spool, fixture in
            _ = try await makeDead(spool, fixture)
            let dropped = try await apply(.drop(reason: "spam"), "", spool, fixture)
            #expect(dropped.map(\.state) == [.dropped] && dropped.map(\.reason) == ["spam"])
            #expect(try await spool.counts() == [.dropped: 1])
            #expect(try await spool.lanes(after: .none, limit: 1).isEmpty)
            #expect(try await apply(.retry, "", spool, fixture).map(\.state) == [.waiting])
        }
    }

    @Test(
        "what is being tried or delivered is left alone",
        arguments: [DispatchAction.retry, .drop(reason: "x"), .release])
    func leftAlone(action: DispatchAction) async throws {
        try await withSpool { spool, fixture in
            let numbers = try await spool.accept(fixture.entry(to: ["work:a", "work:b"])).numbers
            _ = try await spool.begin(numbers.map { fixture.start($0) })
            try await spool.settle(fixture.settlement(numbers[0], .delivered(remoteIDs: [], detail: nil)))
            #expect(try await apply(action, "", spool, fixture).isEmpty)
            #expect(try await spool.counts() == [.trying: 1, .delivered: 1])
        }
    }

    @Test("a dry run tells what would be changed, and changes and records nothing")
    func dryRun() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                let number = try await makeDead(spool, fixture)
                let would = try await apply(.retry, "state=dead", spool, fixture, isDryRun: true)
                #expect(would.map(\.number) == [number] && would.map(\.state) == [.dead])
                #expect(try await spool.counts() == [.dead: 1])
            }
            let database = try Database(path: fixture.folder.appending("spool.db").text, mode: .reader)
            #expect(try database.integer("SELECT count(*) FROM audit") == 0)
        }
    }

    @Test("an action leaves a row that says who did what to how many")
    func audit() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                _ = try await makeDead(spool, fixture)
                _ = try await apply(.drop(reason: "spam"), "state=dead", spool, fixture)
            }
            let database = try Database(path: fixture.folder.appending("spool.db").text, mode: .reader)
            let rows = try database.withStatement("SELECT actor, action, filter, changed FROM audit") {
                try $0.rows { "\(try $0.text(0))|\(try $0.text(1))|\(try $0.text(2))|\(try $0.integer(3))" }
            }
            #expect(rows == ["ann|drop|state=dead|1"])
        }
    }

    @Test("more dispatches than one step takes are all changed, each once")
    func many() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry(to: (0..<1_234).map { "work:\($0)" }, state: .held))
            let changed = try await apply(.release, "state=held", spool, fixture)
            #expect(Set(changed.map(\.number)).count == 1_234 && changed.count == 1_234)
            #expect(try await spool.counts() == [.waiting: 1_234])
        }
    }
}
