import Messages
import Spooling
import Testing

@testable import Engine

@Suite struct DispatchSchedulerTests {
    private let now = Timestamp(seconds: 1_000)

    @Test("committed dispatches of a lane begin in the order of their commit")
    func order() throws {
        var world = try World(parallelism: 1)
        world.scheduler.committed(try (1...5).map { try world.dispatch($0, to: "a") }, at: now)
        var begun: [Int64] = []
        while let dispatch = world.begun(at: now).first {
            begun.append(dispatch.number)
            _ = world.scheduler.succeeded(dispatch)
        }
        #expect(begun == [1, 2, 3, 4, 5])
    }

    @Test("a lane takes no more at once than its adapter allows, a mailbox no more than its limit")
    func limits() throws {
        var world = try World(parallelism: 2, concurrency: 5)
        for lane in ["a", "b", "c", "d"] {
            world.scheduler.committed(try (1...4).map { try world.dispatch($0, to: lane) }, at: now)
        }
        let begun = world.begun(at: now)
        #expect(begun.count == 5)
        #expect(Dictionary(grouping: begun, by: \.recipient).values.allSatisfy { $0.count <= 2 })
    }

    @Test("dispatches of one thread go one after the other, others pass them")
    func threads() throws {
        var world = try World(parallelism: 10)
        let batch = try [("t", 1), ("t", 2), ("u", 3), (nil, 4), ("t", 5)].map { thread, number in
            try world.dispatch(number, to: "a", thread: thread)
        }
        world.scheduler.committed(batch, at: now)
        #expect(world.begun(at: now).map(\.number) == [1, 3, 4])
        _ = world.scheduler.succeeded(batch[0])
        #expect(world.begun(at: now).map(\.number) == [2])
    }

    @Test("lanes take turns")
    func turns() throws {
        var world = try World(parallelism: 100, concurrency: 4)
        world.scheduler.committed(try (1...10).map { try world.dispatch($0, to: "busy") }, at: now)
        world.scheduler.committed(try (11...12).map { try world.dispatch($0, to: "quiet") }, at: now)
        let first = world.begun(at: now)
        #expect(Set(first.map(\.recipient.user)) == ["busy", "quiet"])
        #expect(first.filter { $0.recipient.user == "quiet" }.count == 2)
    }

    @Test("a failed dispatch sends the rest of its thread back to the spool, which is read again at its due time")
    func deferral() throws {
        var world = try World(parallelism: 1)
        let batch = try (1...3).map { try world.dispatch($0, to: "a", thread: "t") }
        world.scheduler.committed(batch, at: now)
        let first = try #require(world.begun(at: now).first)
        let due = now + .seconds(30)
        _ = world.scheduler.failed(first, reason: "x", due: due, at: now)
        world.scheduler.settled(first)
        #expect(world.begun(at: now).isEmpty)
        #expect(world.loads == [first.lane])
        world.scheduler.loaded(
            [first.lane], [LaneLoad(dispatches: [], hasMore: true, nextDue: due)], limit: 64, at: now)
        #expect(world.begun(at: due - .milliseconds(1)).isEmpty)
        #expect(world.scheduler.nextWake == due)
        #expect(world.begun(at: due).isEmpty)
        #expect(world.loads.count == 2)
        world.scheduler.loaded(
            [first.lane], [LaneLoad(dispatches: batch, hasMore: false, nextDue: nil)], limit: 64, at: due)
        #expect(world.begun(at: due).map(\.number) == [1])
    }

    @Test("what does not fit the window stays in the spool and is read when the window runs low")
    func window() throws {
        var world = try World(parallelism: 1)
        world.scheduler.committed(try (1...2_000).map { try world.dispatch($0, to: "a") }, at: now)
        var begun = 0
        while let dispatch = world.begun(at: now).first {
            begun += 1
            _ = world.scheduler.succeeded(dispatch)
        }
        #expect(begun == LaneMemoryLimits.standard.total / 4)
        #expect(world.loads.count == 1)
    }

    @Test("what is committed while the lane is being read is not lost")
    func commitDuringLoad() throws {
        var world = try World(parallelism: 1)
        let lane = world.lane("a")
        let recipient = try Address(platform: "hook", user: "a")
        world.scheduler.restored(
            [LaneSummary(id: lane, recipient: recipient, isReady: true, nextDue: nil)], through: nil)
        #expect(world.begun(at: now).isEmpty)
        world.scheduler.committed([try world.dispatch(9, to: "a")], at: now)
        world.scheduler.loaded(
            [lane], [LaneLoad(dispatches: [], hasMore: false, nextDue: nil)], limit: 64, at: now)
        #expect(world.begun(at: now).isEmpty)
        #expect(world.loads == [lane, lane])
    }

    @Test("a paused mailbox begins nothing until it goes on")
    func pause() throws {
        var world = try World(parallelism: 1)
        world.scheduler.setPaused(true, mailbox: "hook")
        world.scheduler.committed([try world.dispatch(1, to: "a")], at: now)
        #expect(world.begun(at: now).isEmpty)
        world.scheduler.setPaused(false, mailbox: "hook")
        #expect(world.begun(at: now).map(\.number) == [1])
    }

    @Test("a lane keeps the pause that the platform asked for, other lanes go on")
    func retryAfter() throws {
        var world = try World(parallelism: 1)
        world.scheduler.committed(try (1...2).map { try world.dispatch($0, to: "a") }, at: now)
        let first = try #require(world.begun(at: now).first)
        let until = now + .seconds(60)
        _ = world.scheduler.failed(first, reason: "429", due: until, pausedUntil: until, at: now)
        world.scheduler.committed([try world.dispatch(3, to: "b")], at: now)
        #expect(world.begun(at: now).map(\.number) == [3])
        #expect(world.begun(at: until - .milliseconds(1)).isEmpty)
        #expect(world.begun(at: until).map(\.number) == [2])
    }

    @Test("a rate limit lets attempts through as its bucket fills")
    func rate() throws {
        var world = try World(parallelism: 10, rate: TokenBucket(rate: 2, per: .seconds(1)))
        world.scheduler.committed(try (1...5).map { try world.dispatch($0, to: "a") }, at: now)
        #expect(world.begun(at: now).count == 2)
        #expect(world.begun(at: now + .milliseconds(499)).isEmpty)
        #expect(world.begun(at: now + .milliseconds(500)).count == 1)
        #expect(world.begun(at: now + .milliseconds(1_000)).count == 1)
    }

    @Test("a lane with one dispatch that fails again and again counts its failures, and its breaker opens at the fifth")
    func loneFailure() throws {
        var world = try World(parallelism: 1)
        let dispatch = try world.dispatch(1, to: "a")
        world.scheduler.committed([dispatch], at: now)
        var time = now
        for failure in 1...5 {
            let begun = try #require(world.begun(at: time).first)
            let changes = world.scheduler.failed(begun, reason: "x", due: time + .seconds(1), at: time)
            #expect((changes.lane != nil) == (failure == 5))
            world.scheduler.settled(begun)
            time = time + .seconds(1)
            #expect(world.begun(at: time).isEmpty)
            guard failure < 5 else { break }
            world.scheduler.loaded(
                [begun.lane], [LaneLoad(dispatches: [dispatch], hasMore: false, nextDue: nil)], limit: 64, at: time)
        }
    }

    @Test("a platform's wish for a pause outlives the dispatch that brought it")
    func pauseOutlivesDispatch() throws {
        var world = try World(parallelism: 1)
        world.scheduler.committed([try world.dispatch(1, to: "a")], at: now)
        let begun = try #require(world.begun(at: now).first)
        let until = now + .seconds(60)
        _ = world.scheduler.failed(begun, reason: "429", due: nil, pausedUntil: until, at: now)
        world.scheduler.committed([try world.dispatch(2, to: "a")], at: now)
        #expect(world.begun(at: now).isEmpty)
        #expect(world.begun(at: until).map(\.number) == [2])
    }

    @Test("idle lanes are forgotten")
    func forgets() throws {
        var world = try World(parallelism: 1)
        for number in 1...1_000 {
            let dispatch = try world.dispatch(number, to: "lane\(number)")
            world.scheduler.committed([dispatch], at: now)
            for begun in world.begun(at: now) { _ = world.scheduler.succeeded(begun) }
        }
        #expect(world.begun(at: now).isEmpty)
        #expect(world.scheduler.entries.isEmpty)
    }
}

/// A scheduler with one mailbox, `hook`.
private struct World {
    var scheduler = DispatchScheduler()
    var loads: [LaneID] = []

    init(parallelism: Int, concurrency: Int = 64, rate: TokenBucket? = nil) throws {
        scheduler.install(
            "hook", limits: MailboxLimits(concurrency: concurrency, laneParallelism: parallelism, rate: rate))
    }

    /// Everything that begins now; what is to be read is noted.
    mutating func begun(at now: Timestamp) -> [SpooledDispatch] {
        var result: [SpooledDispatch] = []
        while true {
            let actions = scheduler.next(at: now)
            if actions.isEmpty { return result }
            for action in actions {
                switch action {
                case .begin(let dispatches): result += dispatches
                case .load(let lanes, _): loads += lanes
                case .expire: scheduler.expired(nextAt: nil)
                }
            }
        }
    }

    /// The lane of a user.
    func lane(_ user: String) -> LaneID {
        LaneID(user.utf8.reduce(7) { ($0 &* 31 &+ Int64($1)) & 0xFFFF_FFFF })
    }

    func dispatch(_ number: Int, to user: String, thread: String? = nil) throws -> SpooledDispatch {
        let time = Timestamp(seconds: 900)
        var envelope = Envelope(
            id: MessageID(high: 1, low: UInt64(number)), time: time, from: try Address(parsing: "api:ci"),
            topic: try Topic(parsing: "api:test"))
        envelope.thread = thread
        return SpooledDispatch(
            number: Int64(number), envelope: envelope, recipient: try Address(platform: "hook", user: user),
            lane: lane(user),
            due: time, accepted: time, attempts: 0)
    }
}
