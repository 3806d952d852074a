import Messages
import Synchronization
import Testing

@testable import Simulation

/// A value that tasks and the test look at.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        value.withLock { body(&$0) }
    }
}

@Suite struct SchedulerTests {
    /// In which order tasks that begin together come to their ends.
    private func order(seed: UInt64) -> [Int] {
        let scheduler = JobScheduler(seed: seed)
        let ended = Shared<[Int]>([])
        scheduler.withJobs {
            for number in 0..<20 {
                Task { ended.withLock { $0.append(number) } }
            }
            while scheduler.step() {}
        }
        return ended.withLock { $0 }
    }

    @Test("a seed gives one order of jobs, and seeds differ")
    func orderComesOfSeed() {
        let orders = (0..<10).map { order(seed: $0) }
        #expect(orders == (0..<10).map { order(seed: $0) })
        #expect(Set(orders).count > 1)
        #expect(orders.allSatisfy { $0.sorted() == Array(0..<20) })
    }

    @Test("actors and tasks on simulated executors run as steps")
    func executors() {
        let scheduler = JobScheduler(seed: 1)
        let sum = Shared(0)
        let counter = Counter(SimulatedExecutor(scheduler))
        scheduler.withJobs {
            for _ in 0..<5 {
                Task(executorPreference: SimulatedPool(scheduler)) {
                    let count = await counter.next()
                    sum.withLock { $0 += count }
                }
            }
            #expect(sum.withLock { $0 } == 0)
            while scheduler.step() {}
        }
        #expect(sum.withLock { $0 } == 15)
    }

    private actor Counter {
        private let executor: SimulatedExecutor
        private var count = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ executor: SimulatedExecutor) {
            self.executor = executor
        }

        func next() -> Int {
            count += 1
            return count
        }
    }
}

@Suite struct TimelineTests {
    @Test("time leaps to what comes next, and what is due together comes in the order it was asked for")
    func leaps() {
        let timeline = Timeline()
        var seen: [String] = []
        timeline.after(.seconds(5)) { seen.append("late \(timeline.elapsed)") }
        timeline.after(.seconds(1)) { seen.append("first \(timeline.elapsed)") }
        timeline.after(.seconds(1)) { seen.append("second \(timeline.elapsed)") }
        while timeline.advance() {}
        #expect(seen == ["first 1000", "second 1000", "late 5000"])
    }

    @Test("setting the clock on the wall wakes nobody early")
    func jumps() {
        let scheduler = JobScheduler(seed: 1)
        let timeline = Timeline()
        let clock = LifeClock(timeline)
        let woken = Shared<Int64?>(nil)
        let start = clock.now
        scheduler.withJobs {
            Task {
                try await clock.sleep(for: .seconds(10))
                woken.withLock { $0 = (clock.now - start).milliseconds }
            }
            while scheduler.step() {}
            timeline.jump(by: .seconds(3_600))
            #expect(woken.withLock { $0 } == nil)
            _ = timeline.advance()
            while scheduler.step() {}
        }
        #expect(woken.withLock { $0 } == 3_610_000)
    }

    @Test("with a life all its sleep ends")
    func endOfLife() {
        let scheduler = JobScheduler(seed: 1)
        let clock = LifeClock(Timeline())
        let ends = Shared(0)
        scheduler.withJobs {
            for _ in 0..<3 {
                Task {
                    do {
                        try await clock.sleep(for: .seconds(10))
                    } catch {
                        ends.withLock { $0 += 1 }
                    }
                }
            }
            _ = scheduler.step()
            clock.end()
            while scheduler.step() {}
        }
        #expect(ends.withLock { $0 } == 3)
    }
}
