import Engine
import TestSupport
import Testing

@Suite struct RetryScheduleTests {
    private let exact = RetrySchedule(jitter: 0)

    @Test(
        "without jitter the pauses double from 30 s to 4 h and stay there",
        arguments: [
            (1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 960), (7, 1_920), (8, 3_840), (9, 7_680), (10, 14_400),
            (11, 14_400), (1_000_000, 14_400),
        ])
    func pauses(attempt: Int, seconds: Int) {
        var random = SeededRandom(seed: 1)
        #expect(exact.pause(afterAttempt: attempt, using: &random) == .seconds(seconds))
    }

    @Test("jitter moves a pause by at most a fifth, to both sides")
    func jitter() {
        var random = SeededRandom(seed: 7)
        let pauses = (0..<1_000).map { _ in RetrySchedule().pause(afterAttempt: 1, using: &random) }
        #expect(pauses.allSatisfy { $0 >= .seconds(24) && $0 <= .seconds(36) })
        #expect(pauses.contains { $0 < .seconds(27) })
        #expect(pauses.contains { $0 > .seconds(33) })
    }

    @Test("a pause is never shorter than the platform's Retry-After")
    func retryAfter() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<100 {
            #expect(RetrySchedule().pause(afterAttempt: 1, retryAfter: .seconds(90), using: &random) == .seconds(90))
            #expect(RetrySchedule().pause(afterAttempt: 4, retryAfter: .seconds(90), using: &random) > .seconds(90))
        }
    }
}
