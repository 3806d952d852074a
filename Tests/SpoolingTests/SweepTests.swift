import Files
import Messages
import SQLite
import TestSupport
import Testing

@testable import Spooling

@Suite struct SweepTests {
    private func deliver(_ numbers: [Int64], _ spool: SQLiteSpool, _ fixture: SpoolFixture) async throws {
        _ = try await spool.begin(numbers.map { fixture.start($0) })
        for number in numbers {
            try await spool.settle(fixture.settlement(number, .delivered(remoteIDs: ["id\(number)"], detail: nil)))
        }
    }

    @Test("what was settled long ago goes, with all that belongs to it; the rest stays")
    func settled() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                let old = try fixture.entry("old", to: ["work:a", "work:b"], dedupe: "k", remoteID: "r")
                try await deliver(try await spool.accept(old).numbers, spool, fixture)
                let half = try fixture.entry("half", to: ["work:a", "work:b"])
                try await deliver([try await spool.accept(half).numbers[0]], spool, fixture)
                fixture.clock.advance(by: .seconds(1_000))
                let young = try fixture.entry("young")
                try await deliver(try await spool.accept(young).numbers, spool, fixture)
                #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1)
                #expect(try await spool.trace(of: old.envelope.id) == nil)
                #expect(try await spool.trace(of: half.envelope.id) != nil)
                #expect(try await spool.trace(of: young.envelope.id) != nil)
                #expect(try await spool.message(remoteID: "r", mailbox: "mail") == nil)
                #expect(try await spool.counts() == [.delivered: 2, .waiting: 1])
            }
            try expectNoOrphans(fixture)
        }
    }

    private func expectNoOrphans(_ fixture: SpoolFixture) throws {
        let database = try Database(path: fixture.folder.appending("spool.db").text, mode: .reader)
        for table in ["dispatches", "details", "attempts"] {
            let orphans = try database.integer(
                "SELECT count(*) FROM \(table) WHERE number / 4096 NOT IN (SELECT sequence FROM messages)")
            #expect(orphans == 0, "\(table)")
        }
        #expect(try database.integer("SELECT count(*) FROM dedupe") == 0)
    }

    @Test("a dead letter stays until somebody drops it")
    func dead() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry()
            let number = try await spool.acceptOne(entry)
            try await spool.settle(fixture.settlement(number, attempt: 0, .dead(reason: "gone", bounce: nil)))
            fixture.clock.advance(by: .seconds(1_000))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 0)
            let before = fixture.clock.now
            _ = try await spool.apply(
                .drop(reason: "seen"), to: DispatchFilter(), by: "ann", at: before, isDryRun: false)
            fixture.clock.advance(by: .seconds(1))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1)
        }
    }

    @Test("a number is never given again, though all messages are gone and the spool was closed")
    func numbers() async throws {
        try await withFixture { fixture in
            let first = try await fixture.open { spool in
                let numbers = try await spool.accept(fixture.entry()).numbers
                try await deliver(numbers, spool, fixture)
                fixture.clock.advance(by: .seconds(10))
                #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1)
                return numbers[0]
            }
            let second = try await fixture.open { try await $0.acceptOne(fixture.entry()) }
            #expect(second > first)
        }
    }

    @Test("more messages than one step looks at are all swept")
    func many() async throws {
        try await withSpool { spool, fixture in
            let entries = try (0..<1_201).map { try fixture.entry("\($0)", state: .dropped) }
            _ = try await spool.accept(entries)
            fixture.clock.advance(by: .seconds(1))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1_201)
            #expect(try await spool.counts() == [:])
        }
    }

    @Test("a run of messages is removed whole but for those that are not finished")
    func gaps() async throws {
        try await withSpool { spool, fixture in
            let entries = try (0..<40).map { try fixture.entry("\($0)", state: $0 % 7 == 3 ? .held : .dropped) }
            _ = try await spool.accept(entries)
            fixture.clock.advance(by: .seconds(1))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 34)
            #expect(try await spool.list("").compactMap(\.subject).sorted() == ["10", "17", "24", "3", "31", "38"])
            #expect(try await spool.counts() == [.held: 6])
        }
    }

    @Test("a file that has swept many times its volume is no larger than after the first rounds")
    func flat() async throws {
        try await withSpool { spool, fixture in
            var sizes: [Int] = []
            for round in 0..<24 {
                let text = String(repeating: "x", count: 3_000)
                let entries = try (0..<60).map { index in
                    try fixture.entry(text, to: ["work:\(index)"], thread: "t\(index)", dedupe: "\(round) \(index)")
                }
                try await deliver(try await spool.accept(entries).flatMap(\.numbers), spool, fixture)
                fixture.clock.advance(by: .seconds(61))
                _ = try await spool.sweep(settledBefore: fixture.clock.now - .seconds(100))
                sizes.append(try Database(path: fixture.folder.appending("spool.db").text, mode: .reader).size)
            }
            #expect(sizes[4] > 0 && sizes[23] <= sizes[4], "\(sizes)")
        }
    }

    @Test("recipients and routes without dispatches are forgotten, and known again when they come again")
    func names() async throws {
        try await withSpool { spool, fixture in
            let entries = try (0..<1_100).map { try fixture.entry(to: ["work:\($0)"], state: .dropped) }
            _ = try await spool.accept(entries)
            _ = try await spool.accept(fixture.entry("kept", to: ["work:kept"]))
            fixture.clock.advance(by: .seconds(1))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1_100)
            #expect(try await spool.readers.run { try $0.names() }.count == 2)
            _ = try await spool.accept(fixture.entry("again", to: ["work:7"]))
            #expect(Set(try await spool.lanes(after: .none, limit: 10).map(\.recipient.user)) == ["kept", "7"])
            #expect(try await spool.list("").count == 2)
        }
    }

    @Test("a recipient that gets a message while names are swept is kept")
    func usedMeanwhile() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry(to: ["work:a", "work:b"], state: .dropped))
            try await spool.writer.run { $0.watchNames() }
            let unused = try await spool.readers.run { try $0.names() }
            _ = try await spool.accept(fixture.entry(to: ["work:b"]))
            try await spool.writer.run { try $0.removeNames(unused) }
            let left = try await spool.readers.run { try $0.names() }
            #expect(left.lanes.count == 1 && left.routes.count == 1)
            #expect(try await spool.lanes(after: .none, limit: 10).map(\.recipient.user) == ["b"])
        }
    }

    @Test("what operators did is forgotten with the messages of that time")
    func audit() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                for _ in 0..<3 {
                    _ = try await spool.apply(
                        .release, to: DispatchFilter(), by: "ann", at: fixture.clock.now, isDryRun: false)
                    fixture.clock.advance(by: .seconds(10))
                }
                _ = try await spool.sweep(settledBefore: fixture.clock.now - .seconds(15))
            }
            let database = try Database(path: fixture.folder.appending("spool.db").text, mode: .reader)
            #expect(try database.integer("SELECT count(*) FROM audit") == 1)
        }
    }

    @Test("blobs go with their last message, and never while they are fresh")
    func blobs() async throws {
        try await withSpool { spool, fixture in
            let shared = try await spool.blobs.store([1, 2, 3])
            for index in 0..<2 {
                var entry = try fixture.entry("\(index)", state: index == 0 ? .dropped : .held)
                entry.envelope.parts.append(Part(type: .file, content: .blob(shared)))
                _ = try await spool.accept(entry)
            }
            let unused = try await spool.blobs.store([9])
            fixture.clock.advance(by: .seconds(60))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1)
            #expect(try await spool.blobs.read(unused) == [9])
            fixture.clock.advance(by: .seconds(7_200))
            _ = try await spool.apply(
                .drop(reason: "x"), to: DispatchFilter(), by: "ann", at: fixture.clock.now, isDryRun: false)
            #expect(try await spool.blobs.read(shared) == [1, 2, 3])
            fixture.clock.advance(by: .seconds(1))
            #expect(try await spool.sweep(settledBefore: fixture.clock.now) == 1)
            await #expect(throws: SpoolError.self) { try await spool.blobs.read(shared) }
        }
    }

    @Test("a blob that a crash left without a message goes with the first sweep")
    func orphans() async throws {
        try await withFixture { fixture in
            let orphan = try await fixture.open { try await $0.blobs.store([1, 2, 3]) }
            try await fixture.open { spool in
                let before = try await spool.size()
                _ = try await spool.sweep(settledBefore: fixture.clock.now)
                await #expect(throws: SpoolError.self) { try await spool.blobs.read(orphan) }
                #expect(try await spool.size() != before)
            }
        }
    }
}
