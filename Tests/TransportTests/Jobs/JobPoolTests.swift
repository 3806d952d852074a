import Synchronization
import Testing

@testable import Transport

@Suite struct JobPoolTests {
    /// Hands jobs to a pool of its own, whose threads stay for the rest of the tests.
    private final class Executor: TaskExecutor {
        let pool = JobPool(maximalThreads: 2)

        func enqueue(_ job: consuming ExecutorJob) {
            pool.add(UnownedJob(job))
        }
    }

    private static let executor = Executor()

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        var count: Int { value.load(ordering: .acquiring) }

        func add() { value.add(1, ordering: .acquiringAndReleasing) }
    }

    @Test("every job is run, from however many threads they come")
    func all() async {
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    for _ in 0..<100 {
                        await Task(executorPreference: Self.executor) { counter.add() }.value
                    }
                }
            }
        }
        #expect(counter.count == 5_000)
    }

    @Test("a job that takes long does not keep another from running")
    func second() async {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let opened = Counter()
        let blocked = Task(executorPreference: Self.executor) {
            open.yield()
            while opened.count == 0 {}
        }
        for await _ in gate { break }
        await Task(executorPreference: Self.executor) { opened.add() }.value
        await blocked.value
    }
}
