import Testing

@testable import Simulation

@Suite struct RunTests {
    private func run(seed: UInt64, events: Int? = nil, mutation: Mutation? = nil) throws -> Simulation.Report {
        Simulation(seed: seed, world: try World(), mutation: mutation, events: events).run()
    }

    @Test("a run takes messages, crashes, and ends without a broken promise", arguments: [1, 2, 3] as [UInt64])
    func runs(seed: UInt64) throws {
        let report = try run(seed: seed)
        #expect(report.violations == [])
        #expect(report.acknowledged > 0 && report.taken > 0)
    }

    @Test("a plan is cut to its first events")
    func prefix() throws {
        #expect(try run(seed: 1, events: 0).acknowledged == 0)
        #expect(try run(seed: 1, events: 3).events == 3)
    }

    @Test("a receipt that is never written is found")
    func findsMutation() throws {
        for seed in 1...50 as ClosedRange<UInt64> {
            let report = try run(seed: seed, mutation: .dropsSettlements)
            if !report.violations.isEmpty { return }
        }
        Issue.record("50 seeds found nothing")
    }
}
