import Messages
import Spooling

/// The end of a run: all is well in the world, and everything has to come to rest.
extension Simulation {
    /// How often it is asked whether all has ended, and how much time passes between.
    private static let pollLimit = 400
    private static let pollPause = Duration.seconds(1_200)

    /// From now on platforms take everything, the disk works, and nobody interferes.
    func heal() {
        show?("\(timeline.wallTime) all is well from now on")
        isHealthy = true
        trouble = nil
        fuse = nil
        diskFuse = nil
        for platform in platforms.values { platform.isHealthy = true }
        poll()
    }

    private func poll() {
        polls += 1
        if polls <= 3 { operators.clear() }
        timeline.after(Self.pollPause) { [unowned self] in ask() }
    }

    private func ask() {
        guard let life, let spool = life.spool else { return poll() }
        let confined = Confined((simulation: self, life: life))
        Task { await confined.value.simulation.look(into: spool, of: confined.value.life) }
    }

    private func look(into spool: any MessageSpool, of life: Life) async {
        do throws(SpoolError) {
            let lanes = try await spool.lanes(after: .none, limit: 1)
            guard life.isAlive else { return poll() }
            let isOver = lanes.isEmpty && sender.open == 0 && polls > 3
            if isOver || polls >= Self.pollLimit { try await judge(spool) } else { poll() }
        } catch {
            verdict = [Violation(rule: "rest", text: "the spool does not answer: \(error)")]
        }
    }

    private func judge(_ spool: any MessageSpool) async throws(SpoolError) {
        let view = try await SpoolView.of(spool, messages: ledger.letters.flatMap(\.ids))
        ledger.leaks = log.leaks
        verdict = Checker.violations(ledger, view)
    }
}
