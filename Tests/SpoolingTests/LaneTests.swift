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

    @Test("the lanes with open dispatches are known with what is ready in them and their next times, page by page")
    func lanes() async throws {
        try await withSpool { spool, fixture in
            let late = fixture.clock.now + .seconds(60)
            _ = try await spool.accept(fixture.entry("1", to: ["work:a", "work:b"], due: late))
            _ = try await spool.accept(fixture.entry("2", to: ["work:a"]))
            _ = try await spool.accept(fixture.entry("3", to: ["work:held"], state: .held))
            let settled = try await spool.acceptOne(fixture.entry("4", to: ["work:settled"]))
            try await spool.settle(fixture.settlement(settled, attempt: 0, .dead(reason: "expired", bounce: nil)))
            let lanes = try await spool.lanes(after: .none, limit: 100)
            #expect(lanes.map(\.recipient.description) == ["work:a", "work:b", "work:held"])
            #expect(lanes.map(\.isReady) == [true, false, false])
            #expect(lanes.map(\.nextDue) == [late, late, nil])
            let first = try await spool.lanes(after: .none, limit: 2)
            let rest = try await spool.lanes(after: try #require(first.last).id, limit: 2)
            #expect(first + rest == lanes)
        }
    }

    @Test("half of a load is for what has waited for its time, so that neither it nor fresh mail starves")
    func alternation() async throws {
        try await withSpool { spool, fixture in
            let due = fixture.clock.now + .seconds(60)
            var later: [Int64] = []
            for index in 0..<10 { later.append(try await spool.acceptOne(fixture.entry("\(index)", due: due))) }
            var fresh: [Int64] = []
            for index in 0..<10 { fresh.append(try await spool.acceptOne(fixture.entry("\(index)"))) }
            let before = try await spool.load("work:C1", by: fixture.clock.now, limit: 8)
            #expect(before.dispatches.map(\.number) == Array(fresh.prefix(8)))
            #expect(before.nextDue == due)
            let after = try await spool.load("work:C1", by: due, limit: 8)
            #expect(after.dispatches.map(\.number) == Array(later.prefix(4)) + fresh.prefix(4))
            #expect(after.hasMore && after.nextDue == nil)
        }
    }

    @Test("what is urgent is given before a backlog, and the oldest of the backlog all the same")
    func priority() async throws {
        try await withSpool { spool, fixture in
            var numbers: [Priority: [Int64]] = [:]
            for priority in [Priority.low, .normal, .urgent] {
                for _ in 0..<20 {
                    var entry = try fixture.entry()
                    entry.envelope.priority = priority
                    numbers[priority, default: []].append(try await spool.acceptOne(entry))
                }
            }
            let load = try await spool.load("work:C1", by: fixture.clock.now, limit: 8)
            let expected = numbers[.low, default: []].prefix(2) + numbers[.urgent, default: []].prefix(6)
            #expect(load.dispatches.map(\.number) == Array(expected))
            #expect(load.dispatches.map(\.priority).suffix(6).allSatisfy { $0 == .urgent })
        }
    }

    @Test("an urgent message does not overtake its own thread, and those before it come with it")
    func priorityWithinThread() async throws {
        try await withSpool { spool, fixture in
            let first = try await spool.acceptOne(fixture.entry("1", thread: "t"))
            for index in 0..<10 { _ = try await spool.acceptOne(fixture.entry("\(index)")) }
            var entry = try fixture.entry("2", thread: "t")
            entry.envelope.priority = .urgent
            let urgent = try await spool.acceptOne(entry)
            let load = try await spool.load("work:C1", by: fixture.clock.now, limit: 4)
            #expect(load.dispatches.map(\.number).first == first)
            #expect(load.dispatches.map(\.number).last == urgent)
            _ = try await spool.begin([fixture.start(first)])
            let next = try await spool.load("work:C1", by: fixture.clock.now, limit: 4)
            #expect(!next.dispatches.map(\.number).contains(urgent))
        }
    }

    @Test("what has expired is found wherever it waits, unless it is held or being tried")
    func expired() async throws {
        try await withSpool { spool, fixture in
            var numbers: [Int64] = []
            for (index, state) in [DispatchState.waiting, .held, .waiting, .waiting].enumerated() {
                var entry = try fixture.entry("\(index)", to: ["work:\(index)"], state: state)
                entry.dispatches[0].expires = fixture.clock.now + .seconds(Int64(10 + index))
                numbers.append(try await spool.acceptOne(entry))
            }
            _ = try await spool.begin([fixture.start(numbers[2])])
            _ = try await spool.acceptOne(fixture.entry("never"))
            let early = try await spool.expired(by: fixture.clock.now, limit: 10)
            #expect(early.dispatches.isEmpty && early.next == fixture.clock.now + .seconds(10))
            let late = try await spool.expired(by: fixture.clock.now + .seconds(12), limit: 10)
            #expect(late.dispatches.map(\.number) == [numbers[0]])
            #expect(late.next == fixture.clock.now + .seconds(13) && !late.hasMore)
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
