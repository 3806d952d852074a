import Messages
import Spooling
import TestSupport
import Testing

@Suite struct ListTests {
    /// Four dispatches: 0 dead, 1 waiting, 2 held, 3 delivered.
    private func fill(_ spool: SQLiteSpool, _ fixture: SpoolFixture) async throws -> [Int64] {
        let dead = try await spool.acceptOne(fixture.entry("Invoice 7", to: ["hook:a"]))
        _ = try await spool.begin([fixture.start(dead)])
        try await spool.settle(fixture.settlement(dead, .dead(reason: "HTTP 500: Timeout", bounce: nil)))
        fixture.clock.advance(by: .seconds(100))
        let waiting = try await spool.acceptOne(fixture.entry("two", to: ["hook:b"]))
        let held = try await spool.acceptOne(fixture.entry("three", to: ["work:C1"], state: .held))
        let delivered = try await spool.acceptOne(fixture.entry("four", to: ["work:C1"]))
        _ = try await spool.begin([fixture.start(delivered)])
        try await spool.settle(fixture.settlement(delivered, .delivered(remoteIDs: [], detail: nil)))
        return [dead, waiting, held, delivered]
    }

    @Test(
        "a filter chooses",
        arguments: [
            ("", [3, 2, 1, 0]), ("state=dead", [0]), ("state=waiting,held", [2, 1]), ("state=dead,delivered", [3, 0]),
            ("to=hook:*", [1, 0]), ("from=mail:*", [3, 2, 1, 0]), ("from=web:*", []), ("topic=mail:**", [3, 2, 1, 0]),
            ("topic=web:**", []), ("route=support to=hook:a", [0]), ("route=other", []), ("error~TIMEOUT", [0]),
            ("subject~invoice", [0]), ("attempts>=1", [3, 0]), ("attempts<=0", [2, 1]), ("age>1s", [0]),
            ("state=held to=hook:*", []),
        ])
    func filters(filter: String, expected: [Int]) async throws {
        try await withSpool { spool, fixture in
            let numbers = try await fill(spool, fixture)
            let parsed = try DispatchFilter(parsing: filter, now: fixture.clock.now)
            let found = try await spool.list(parsed, before: nil, limit: 100)
            #expect(found.map(\.number) == expected.map { numbers[$0] })
        }
    }

    @Test("a listing is read page by page, the newest first")
    func pages() async throws {
        try await withSpool { spool, fixture in
            let numbers = try await fill(spool, fixture)
            let first = try await spool.list(DispatchFilter(), before: nil, limit: 3)
            #expect(first.map(\.number) == [numbers[3], numbers[2], numbers[1]])
            let second = try await spool.list(DispatchFilter(), before: first.last?.number, limit: 3)
            #expect(second.map(\.number) == [numbers[0]])
        }
    }

    @Test("open dispatches are listed the newest first, be they many or few", .timeLimit(.minutes(2)))
    func open() async throws {
        try await withSpool { spool, fixture in
            let first = try await spool.acceptOne(fixture.entry(to: ["hook:first"]))
            for _ in 0..<3 { _ = try await spool.accept(fixture.entry(to: (0..<3_400).map { "work:\($0)" })) }
            let last = try await spool.acceptOne(fixture.entry(to: ["hook:last"]))
            let many = try await spool.list("state=waiting", limit: 20_000).map(\.number)
            #expect(many.first == last && many.last == first && many.count == 10_202)
            #expect(many == many.sorted(by: >))
            let filter = try DispatchFilter(parsing: "to=work:*", now: fixture.clock.now)
            _ = try await spool.apply(
                .drop(reason: "x"), to: filter, by: "ann", at: fixture.clock.now, isDryRun: false)
            #expect(try await spool.list("state=waiting,trying,held").map(\.number) == [last, first])
        }
    }

    @Test("dispatches and messages are found by their numbers and ids")
    func named() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry(to: ["hook:a", "hook:b"])
            let numbers = try await spool.accept(entry).numbers
            _ = try await spool.accept(fixture.entry())
            var filter = DispatchFilter()
            filter.messages = [entry.envelope.id]
            #expect(try await spool.list(filter, before: nil, limit: 9).map(\.number) == numbers.reversed())
            filter.numbers = [numbers[0]]
            #expect(try await spool.list(filter, before: nil, limit: 9).map(\.number) == [numbers[0]])
            #expect(try await spool.list("number=999").isEmpty)
        }
    }

    @Test("a summary has what a listing shows")
    func summary() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry("Invoice 7", to: ["hook:a"])
            let number = try await spool.acceptOne(entry)
            let now = fixture.clock.now
            #expect(
                try await spool.list("") == [
                    DispatchSummary(
                        number: number, message: entry.envelope.id, topic: entry.envelope.topic,
                        from: entry.envelope.from, recipient: entry.dispatches[0].recipient, subject: "Invoice 7",
                        state: .waiting, reason: nil, attempts: 0, accepted: now, due: now, settled: nil,
                        route: RouteOrigin(name: "support", location: "routes.yaml:3"))
                ])
        }
    }

    @Test("counts are those of the rows after everything that happened, and after a restart")
    func counts() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                _ = try await fill(spool, fixture)
                #expect(try await spool.counts() == [.dead: 1, .waiting: 1, .held: 1, .delivered: 1])
            }
            try await fixture.open { (spool) async throws in
                #expect(try await spool.counts() == [.dead: 1, .waiting: 1, .held: 1, .delivered: 1])
            }
        }
    }
}
