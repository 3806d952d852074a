import AdapterKit
import Clocks
import Messages
import TestSupport
import Testing

@Suite struct MessageIDSourceTests {
    @Test("ids grow while the clock stands still, and keep its time")
    func standing() {
        let clock = ManualClock()
        let source = MessageIDSource(clock: clock, random: SeededRandom(seed: 1))
        let ids = (0..<5_000).map { _ in source.next() }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.allSatisfy { $0.time == clock.now })
    }

    @Test("ids grow while the clock goes back, and follow it when it has caught up")
    func goingBack() {
        let clock = ManualClock()
        let source = MessageIDSource(clock: clock, random: SeededRandom(seed: 1))
        let before = source.next()
        clock.jump(to: clock.now - .seconds(3_600))
        let during = (0..<100).map { _ in source.next() }
        #expect(during.allSatisfy { $0 > before && $0.time == before.time })
        clock.jump(to: before.time + .milliseconds(1))
        let after = source.next()
        #expect(after > during[99])
        #expect(after.time == clock.now)
    }

    @Test("random bits that are used up are carried, at last into the time, and the id stays one of version 7")
    func carry() {
        let clock = ManualClock()
        let source = MessageIDSource(clock: clock, random: AllOnes())
        let ids = [source.next(), source.next(), source.next()]
        #expect(ids[0].low == 0xBFFF_FFFF_FFFF_FFFF)
        #expect(ids[1].time == clock.now + .milliseconds(1))
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        for id in ids {
            #expect(id.high >> 12 & 0xF == 7)
            #expect(id.low >> 62 == 2)
        }
    }

    @Test("the carry from the low half goes to the twelve bits of the high one first")
    func smallCarry() {
        let clock = ManualClock()
        let source = MessageIDSource(clock: clock, random: Scripted([0, .max]))
        let first = source.next()
        let second = source.next()
        #expect(second.high == first.high + 1)
        #expect(second.low == 1 << 63)
        #expect(second.time == clock.now)
    }

    @Test("no two ids are equal, and each task sees its own grow, however many ask at once")
    func concurrent() async {
        let source = MessageIDSource(clock: ManualClock(), random: SeededRandom(seed: 1))
        let all = await withTaskGroup(of: [MessageID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<1_000).map { _ in source.next() } } }
            var all: [MessageID] = []
            for await ids in group {
                #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
                all += ids
            }
            return all
        }
        #expect(Set(all).count == 8_000)
    }

    private struct AllOnes: RandomNumberGenerator, Sendable {
        func next() -> UInt64 { .max }
    }

    /// These numbers, then zeros.
    private struct Scripted: RandomNumberGenerator, Sendable {
        private var numbers: [UInt64]

        init(_ numbers: [UInt64]) {
            self.numbers = numbers
        }

        mutating func next() -> UInt64 { numbers.isEmpty ? 0 : numbers.removeFirst() }
    }
}
