import AdapterKit
import Messages
import TestSupport
import Testing

@testable import Engine

@Suite struct AcceptGateTests {
    private let clock = ManualClock()
    private let one = AcceptGate.Load(messages: 1, bytes: 100)

    private func gate(_ change: (inout AcceptGate.Bounds) -> Void = { _ in }) -> AcceptGate {
        var bounds = AcceptGate.Bounds(messages: 2, bytes: 1_000, unread: 10, waiting: 2)
        change(&bounds)
        return AcceptGate(bounds, clock: clock, random: SeededRandom(seed: 1))
    }

    /// Enters in a task of its own, and returns when that waits.
    private func waiter(_ gate: AcceptGate, _ load: AcceptGate.Load) async throws -> Task<AcceptError?, Never> {
        let before = gate.underWay.waiting
        let task = Task { () -> AcceptError? in
            do throws(AcceptError) {
                try await gate.enter(load)
                return nil
            } catch {
                return error
            }
        }
        try await waitUntil { gate.underWay.waiting > before }
        return task
    }

    @Test("who comes when all places are taken gets the one that is given back")
    func waits() async throws {
        let gate = gate()
        try await gate.enter(one)
        try await gate.enter(one)
        let third = try await waiter(gate, one)
        gate.leave(one)
        #expect(await third.value == nil)
        #expect(gate.underWay.messages == 2 && gate.underWay.waiting == 0)
    }

    @Test("places are given in the order of the asking, also when a later one would fit sooner")
    func order() async throws {
        let gate = gate()
        try await gate.enter(AcceptGate.Load(messages: 1, bytes: 600))
        try await gate.enter(one)
        let large = try await waiter(gate, AcceptGate.Load(messages: 1, bytes: 900))
        let small = try await waiter(gate, one)
        gate.leave(one)
        #expect(gate.underWay.waiting == 2, "the large one is first and does not fit yet")
        gate.leave(AcceptGate.Load(messages: 1, bytes: 600))
        #expect(await large.value == nil)
        #expect(await small.value == nil)
    }

    @Test("what is larger than all places gets in when it is alone")
    func large() async throws {
        let gate = gate()
        try await gate.enter(AcceptGate.Load(messages: 50, bytes: 5_000_000))
        #expect(gate.underWay.messages == 50)
    }

    @Test("who has waited too long is told to come back, each after another time")
    func patience() async throws {
        let gate = gate()
        try await gate.enter(one)
        try await gate.enter(one)
        let third = try await waiter(gate, one)
        let fourth = try await waiter(gate, one)
        var pauses: [Duration] = []
        for _ in 0..<8 {
            await clock.waitForSleepers()
            clock.advance(by: .milliseconds(250))
        }
        for task in [third, fourth] {
            guard case .busy(let pause)? = await task.value else {
                Issue.record("it was let in")
                return
            }
            pauses.append(pause)
        }
        #expect(pauses.allSatisfy { (.seconds(1) ... .seconds(5)).contains($0) } && pauses[0] != pauses[1])
        #expect(gate.underWay.messages == 2)
    }

    @Test("who comes when too many wait is refused at once")
    func crowd() async throws {
        let gate = gate()
        try await gate.enter(one)
        try await gate.enter(one)
        let waiting = [try await waiter(gate, one), try await waiter(gate, one)]
        await #expect(throws: AcceptError.self) { try await gate.enter(one) }
        gate.leave(one)
        gate.leave(one)
        for task in waiting { #expect(await task.value == nil) }
    }

    @Test("nobody gets in while the lanes are too far behind the disk, and all do when they have read on")
    func unread() async throws {
        let gate = gate()
        for sequence in Int64(101)...110 {
            try await gate.enter(one)
            gate.leave(one, committed: sequence)
        }
        #expect(gate.underWay.unread == 10)
        let late = try await waiter(gate, one)
        gate.read(upTo: 105)
        #expect(await late.value == nil)
        #expect(gate.underWay.unread == 5)
    }

    @Test("who goes away while waiting leaves no place taken")
    func cancelled() async throws {
        let gate = gate()
        try await gate.enter(one)
        try await gate.enter(one)
        let third = try await waiter(gate, one)
        third.cancel()
        #expect(await third.value != nil)
        gate.leave(one)
        gate.leave(one)
        #expect(gate.underWay.messages == 0 && gate.underWay.waiting == 0)
    }
}
