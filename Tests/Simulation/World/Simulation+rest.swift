import Messages
import Spooling

/// The end of a run: all is well in the world, and everything has to come to rest.
extension Simulation {
    /// How often it is asked whether all has ended, and how much time passes between.
    private static let pollLimit = 400
    private static let pollPause = Duration.seconds(1_200)
    /// The longest pause after an attempt (four hours and a fifth), the longest delay of a letter, and some more.
    private static let patience = Duration.seconds(7 * 3_600)

    /// From now on platforms take everything, the disk works, and nobody interferes.
    ///
    /// Some routers are started anew then, some are told of what people had held up, and some are left alone: one that
    /// has lost its way must find it by itself.
    func heal() {
        show?("\(timeline.wallTime) all is well from now on")
        isHealthy = true
        healed = timeline.elapsed
        trouble = nil
        faults = []
        fuse = nil
        diskFuse = nil
        for platform in platforms.values { platform.isHealthy = true }
        for mailbox in uninstalled.sorted() { install(mailbox) }
        var chance = Chance(seed: seed, name: "healing")
        if !plan.isLeftAlone, chance.happens(0.3) { restart() }
        poll()
    }

    private func poll() {
        polls += 1
        if polls <= 3 { operators.clear(isSparing: plan.isLeftAlone) }
        programs.drain()
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
            if let stalled = try await stalled(spool) {
                verdict = [stalled]
            } else if polls >= Self.pollLimit || lanes.isEmpty && sender.open == 0 && polls > 3 {
                try await judge(spool)
            } else {
                poll()
            }
        } catch {
            verdict = [Violation(rule: "rest", text: "the spool does not answer: \(error)")]
        }
    }

    /// What nothing holds up and yet does not go: it would end as expired after days, and its sender would be told.
    private func stalled(_ spool: any MessageSpool) async throws(SpoolError) -> Violation? {
        let patience = Self.patience + timeline.setBack
        guard timeline.elapsed - healed > patience.milliseconds else { return nil }
        var filter = DispatchFilter()
        filter.states = [.waiting, .trying]
        guard let left = try await spool.list(filter, before: nil, limit: 1).first else { return nil }
        return Violation(
            rule: "stall",
            text: "dispatch \(left.number) to \(left.recipient) still waits \(patience) after all was well, "
                + "due at \(left.due), after \(left.attempts) attempts")
    }

    private func judge(_ spool: any MessageSpool) async throws(SpoolError) {
        let view = try await SpoolView.of(spool, messages: ledger.letters.flatMap(\.ids))
        for (id, trace) in view.traces.sorted(by: { "\($0.key)" < "\($1.key)" }) where life != nil {
            let isWhole = await life?.canReadBlobs(of: trace.envelope) ?? true
            if !isWhole { ledger.lost("a file of message \(id) cannot be read") }
        }
        ledger.leaks = log.leaks
        verdict = Checker.violations(ledger, view, plan)
    }
}
