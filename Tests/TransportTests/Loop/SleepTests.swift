import Testing
import Transport

@Suite struct SleepTests {
    @Test("a sleep lasts at least as long as asked")
    func lasts() async throws {
        try await withLoop { loop in
            let time = try await ContinuousClock().measure { try await loop.sleep(for: .milliseconds(15)) }
            // The loop's clock counts whole milliseconds.
            #expect(time >= .milliseconds(14))
        }
    }

    @Test("a cancelled sleep ends at once", arguments: [true, false])
    func cancelled(onLoop: Bool) async throws {
        try await withLoop { loop in
            let sleeper = Task(executorPreference: onLoop ? loop : nil) { try await loop.sleep(for: .seconds(3_600)) }
            sleeper.cancel()
            await #expect(throws: CancellationError.self) { try await sleeper.value }
        }
    }

    @Test("sleeps end in the order of their times")
    func ordered() async throws {
        try await withLoop { loop in
            let order = await withTaskGroup(of: Int.self) { group in
                for milliseconds in [30, 1, 15] {
                    group.addTask(executorPreference: loop) {
                        try? await loop.sleep(for: .milliseconds(milliseconds))
                        return milliseconds
                    }
                }
                return await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(order == [1, 15, 30])
        }
    }

    @Test("a sleep of nothing returns at once", arguments: [Duration.zero, .seconds(-5)])
    func nothing(duration: Duration) async throws {
        try await withLoop { try await $0.sleep(for: duration) }
    }
}
