import Synchronization
import Testing

@testable import Transport

@Suite struct LoopTurnTests {
    /// How often any of them ran.
    private final class Slices: Sendable {
        private let value = Atomic<Int>(0)

        var count: Int { value.load(ordering: .acquiring) }

        func add() { value.add(1, ordering: .acquiringAndReleasing) }
    }

    @Test("those who let turns go by all go on, and new work waits for a few of them only, not for each")
    func newWorkFirst() async throws {
        let loop = try EventLoop.start(name: "test")
        let slices = Slices()
        let hogs = (0..<50).map { _ in
            Task(executorPreference: loop) {
                var own = 0
                while !Task.isCancelled {
                    let end = monotonicNanoseconds() + 100_000
                    while monotonicNanoseconds() < end {}
                    slices.add()
                    own += 1
                    await loop.nextTurn()
                }
                return own
            }
        }
        // Their first slices are new work too.
        await Task(executorPreference: loop) {}.value
        var longest = 0
        for _ in 0..<50 {
            let before = slices.count
            let after = await Task(executorPreference: loop) { slices.count }.value
            longest = max(longest, after - before)
        }
        for hog in hogs { hog.cancel() }
        for hog in hogs { #expect(await hog.value > 0) }
        #expect(longest < 25, "a turn gave \(longest) slices to those who had let it go by")
        await loop.stop()
    }
}
