import Synchronization
import Testing
import Transport

@Suite struct EventLoopTests {
    @Test("a task that prefers a loop runs on its thread, before and after it waited")
    func staysOnThread() async throws {
        try await withLoop { loop in
            let task = Task(executorPreference: loop) {
                let before = loop.inLoop
                try await loop.sleep(for: .milliseconds(1))
                return before && loop.inLoop
            }
            let stayed = try await task.value
            #expect(stayed)
            #expect(!loop.inLoop)
        }
    }

    @Test("an actor on a loop runs there, and its caller goes back to where it was")
    func actorOnLoop() async throws {
        try await withLoop { loop in
            let counter = LoopCounter(loop)
            #expect(await counter.isInLoop())
            #expect(!loop.inLoop)
        }
    }

    @Test("an actor on a loop may assume its isolation there")
    func assumedIsolation() async throws {
        try await withLoop { loop in
            let counter = LoopCounter(loop)
            let count = await Task(executorPreference: loop) { addAtOnce(counter) }.value
            #expect(count == 1)
        }
    }

    @Test("jobs of one thread run in the order they were queued in")
    func order() async throws {
        try await withLoop { loop in
            let seen = Seen()
            let tasks = (0..<2_000).map { number in
                Task(executorPreference: loop) { seen.numbers.withLock { $0.append(number) } }
            }
            for task in tasks { await task.value }
            #expect(seen.numbers.withLock { $0 } == Array(0..<2_000))
        }
    }

    @Test("jobs from many threads all wake the loop")
    func manyThreads() async throws {
        try await withLoop { loop in
            let counter = LoopCounter(loop)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { for _ in 0..<500 { _ = await counter.add() } }
                }
            }
            #expect(await counter.add() == 10_001)
        }
    }

    @Test("a task that never lets go of the loop's queue does not keep timers from firing")
    func fairness() async throws {
        try await withLoop { loop in
            let spinner = Task(executorPreference: loop) {
                while !Task.isCancelled { await Task.yield() }
            }
            try await loop.sleep(for: .milliseconds(2))
            spinner.cancel()
            await spinner.value
        }
    }

    @Test("a loop stops with a task asleep on it, which is told")
    func stopEndsSleep() async throws {
        let loop = try EventLoop.start(name: "test")
        let (started, signal) = AsyncStream<Void>.makeStream()
        let sleeper = Task(executorPreference: loop) {
            signal.yield()
            try await loop.sleep(for: .seconds(3_600))
        }
        for await _ in started { break }
        await loop.stop()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }

    @Test("a task that outlives its loop still comes to its end")
    func outlive() async throws {
        let loop = try EventLoop.start(name: "test")
        let (gate, open) = AsyncStream<Void>.makeStream()
        let task = Task(executorPreference: loop) {
            for await _ in gate { break }
            return loop.inLoop
        }
        await loop.stop()
        await loop.stop()
        open.yield()
        #expect(await task.value == false)
    }
}

/// What jobs left behind.
private final class Seen: Sendable {
    let numbers = Mutex<[Int]>([])
}

/// Counts without waiting, as code that knows it is on the loop may.
private func addAtOnce(_ counter: LoopCounter) -> Int {
    counter.assumeIsolated { $0.add() }
}

/// An actor that lives on a loop.
private actor LoopCounter {
    private let loop: EventLoop
    private var count = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    func add() -> Int {
        count += 1
        return count
    }

    func isInLoop() -> Bool { loop.inLoop }
}
