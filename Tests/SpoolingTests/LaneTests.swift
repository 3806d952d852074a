import Messages
import Spooling
import TestSupport
import Testing

@Suite struct LaneTests {
    @Test("a dispatch comes back with its priority, its expiry and its next stage")
    func columns() async throws {
        try await withSpool { spool, fixture in
            var entry = try fixture.entry(to: ["work:a", "work:b"])
            entry.envelope.priority = .high
            entry.envelope.expires = fixture.clock.now + .seconds(90)
            entry.dispatches[1].priority = .low
            entry.dispatches[1].expires = fixture.clock.now + .seconds(30)
            entry.dispatches[1].nextStage = 2
            _ = try await spool.accept(entry)
            let first = try #require(try await spool.load("work:a", by: fixture.clock.now).dispatches.first)
            #expect(first.priority == .high && first.nextStage == nil)
            #expect(first.expires == fixture.clock.now + .seconds(90))
            let second = try #require(try await spool.load("work:b", by: fixture.clock.now).dispatches.first)
            #expect(second.priority == .low && second.nextStage == 2)
            #expect(second.expires == fixture.clock.now + .seconds(30))
        }
    }

    @Test("a lane gives its dispatches in the order of acceptance, and no other lane's")
    func order() async throws {
        try await withSpool { spool, fixture in
            let first = try await spool.acceptOne(fixture.entry("1"))
            _ = try await spool.acceptOne(fixture.entry("2", to: ["work:other"]))
            let third = try await spool.acceptOne(fixture.entry("3"))
            let load = try await spool.load("work:C1", by: fixture.clock.now)
            #expect(load.dispatches.map(\.number) == [first, third])
            #expect(!load.hasMore && load.nextDue == nil)
            #expect(try await spool.load("work:nobody", by: fixture.clock.now).dispatches.isEmpty)
        }
    }

    @Test("at most so many are given, and more are told of")
    func limit() async throws {
        try await withSpool { spool, fixture in
            for index in 0..<5 { _ = try await spool.acceptOne(fixture.entry("\(index)")) }
            let part = try await spool.load("work:C1", by: fixture.clock.now, limit: 3)
            #expect(part.dispatches.count == 3 && part.hasMore)
            let all = try await spool.load("work:C1", by: fixture.clock.now, limit: 5)
            #expect(all.dispatches.count == 5 && !all.hasMore)
        }
    }

    @Test(
        "a dispatch waits for an earlier one of its thread that is held, being tried or not due; others do not",
        arguments: ["held", "tried", "early"])
    func threads(obstacle: String) async throws {
        try await withSpool { spool, fixture in
            let now = fixture.clock.now
            let due = now + .seconds(60)
            let first = try await spool.acceptOne(
                fixture.entry(
                    "1", thread: "t", due: obstacle == "early" ? due : now,
                    state: obstacle == "held" ? .held : .waiting))
            if obstacle == "tried" { _ = try await spool.begin([fixture.start(first)]) }
            _ = try await spool.acceptOne(fixture.entry("2", thread: "t"))
            let other = try await spool.acceptOne(fixture.entry("3", thread: "u"))
            let none = try await spool.acceptOne(fixture.entry("4"))
            let load = try await spool.load("work:C1", by: now)
            #expect(load.dispatches.map(\.number) == [other, none])
            #expect(load.hasMore)
            #expect(load.nextDue == (obstacle == "early" ? due : nil))
        }
    }

    @Test("the thread goes on when its first dispatch is settled")
    func threadGoesOn() async throws {
        try await withSpool { spool, fixture in
            let first = try await spool.acceptOne(fixture.entry("1", thread: "t"))
            let second = try await spool.acceptOne(fixture.entry("2", thread: "t"))
            _ = try await spool.begin([fixture.start(first)])
            try await spool.settle(fixture.settlement(first, .delivered(remoteIDs: [], detail: nil)))
            let load = try await spool.load("work:C1", by: fixture.clock.now)
            #expect(load.dispatches.map(\.number) == [second])
        }
    }

    @Test("what is being tried is not \"more\"")
    func tryingIsNotMore() async throws {
        try await withSpool { spool, fixture in
            let number = try await spool.acceptOne(fixture.entry())
            _ = try await spool.begin([fixture.start(number)])
            #expect(try await !spool.load("work:C1", by: fixture.clock.now).hasMore)
        }
    }

    @Test("the lanes with open dispatches are known with their counts and next times")
    func lanes() async throws {
        try await withSpool { spool, fixture in
            let late = fixture.clock.now + .seconds(60)
            _ = try await spool.accept(fixture.entry("1", to: ["work:a", "work:b"], due: late))
            _ = try await spool.accept(fixture.entry("2", to: ["work:a"]))
            _ = try await spool.accept(fixture.entry("3", to: ["work:held"], state: .held))
            let settled = try await spool.acceptOne(fixture.entry("4", to: ["work:settled"]))
            try await spool.settle(fixture.settlement(settled, attempt: 0, .dead(reason: "expired", bounce: nil)))
            let lanes = try await spool.lanes()
            #expect(lanes.map(\.recipient.description) == ["work:a", "work:b", "work:held"])
            #expect(lanes.map(\.count) == [2, 1, 1])
            #expect(lanes.map(\.nextDue) == [fixture.clock.now, late, nil])
        }
    }

    @Test("the order is that of acceptance when many accept at once")
    func concurrentOrder() async throws {
        try await withSpool { spool, fixture in
            let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for index in 0..<200 {
                    let entry = try fixture.entry("\(index)")
                    group.addTask { try await spool.acceptOne(entry) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            var announced: [Int64] = []
            for await batch in spool.committed {
                announced += batch.map(\.number)
                if announced.count == 200 { break }
            }
            #expect(announced == numbers.sorted())
            #expect(
                try await spool.load("work:C1", by: fixture.clock.now, limit: 200).dispatches.map(\.number) == announced
            )
        }
    }
}
