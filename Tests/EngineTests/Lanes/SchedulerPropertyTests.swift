import Messages
import Spooling
import Testing

@testable import Engine

@Suite struct SchedulerPropertyTests {
    @Test(
        "whatever is late, fails, is held or expires: no thread is overtaken, no lane is forgotten, nothing is asked twice",
        arguments: Array(1...300) as [UInt64])
    func everythingEnds(seed: UInt64) throws {
        var model = SchedulerModel(seed: seed)
        for _ in 0..<400 { try model.step() }
        // What was held by the last steps is released when all else has come to its end.
        var isDone = false
        for _ in 0..<5 where !isDone { isDone = model.finish() }
        #expect(model.faults.isEmpty, "seed \(seed)")
        #expect(isDone, "seed \(seed): \(model.rows.values.count { !$0.state.isSettled }) are forgotten")
    }
}
