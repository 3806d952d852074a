import AdapterKit
import Engine
import Files
import Messages
import Spooling
import TestSupport

/// One run: a router on a virtual clock and a simulated disk, among simulated platforms, senders and operators.
///
/// Everything comes of the seed. Time leaps when nothing is left to do; a crash can come at any step and at any
/// operation of the disk. When all that was planned has happened, the world turns healthy, and then everything that was
/// acknowledged has to come to its end.
package final class Simulation {
    let seed: UInt64
    let world: World
    let plan: Plan
    let mutation: Mutation?
    let disk: any SimulatedDisk
    let scheduler: JobScheduler
    let timeline = Timeline()
    let ledger: Ledger
    let sender: Sender
    let operators: OperatorDesk
    let programs: LeasePrograms
    let log: SimulationLog
    let show: (@Sendable (String) -> Void)?
    var platforms: [String: Platform] = [:]
    var life: Life?
    var lives = 0
    /// How many steps, or operations of the disk, until the router dies.
    var fuse: (kind: CrashKind, steps: Int)?
    var diskFuse: (kind: CrashKind, operations: Int)?
    /// The disk has taken itself away, in the step that is being made.
    var diskCrash: CrashKind?
    var trouble: (reason: ErrorNumber, until: Int64)?
    var faults: [(fault: DiskFault, until: Int64)] = []
    var faultChance: Chance
    /// What people do with what they get.
    var answerChance: Chance
    /// Mailboxes that have been taken away.
    var uninstalled: Set<String> = []
    /// How many operations of the disk there were in this life.
    var operationCount = 0
    var healed: Int64 = 0
    var table = 0
    var isHealthy = false
    var polls = 0
    var verdict: [Violation]?

    /// More steps than any run needs.
    static let stepLimit = 300_000

    /// What came of a run.
    package struct Report: Sendable {
        /// The run's seed.
        package let seed: UInt64
        /// What its workload had.
        package let features: [String]
        /// How many of the plan's events happened, of how many.
        package let events: Int
        /// How many steps it took.
        package let steps: Int
        /// How many lives the router had.
        package let lives: Int
        /// How many letters were acknowledged, and how many messages platforms took.
        package let acknowledged: Int
        package let taken: Int
        /// A number for everything that happened, in its order.
        package let trace: UInt64
        /// Where the router was, and where it died.
        package let coverage: Coverage
        /// What went wrong.
        package let violations: [Violation]
    }

    /// Sets up a run with these features, or those of the seed, of which `events` may limit the plan; `show` is told what happens, for people to read.
    package init(
        seed: UInt64, world: World, mutation: Mutation? = nil, features: Set<Feature>? = nil, events: Int? = nil,
        show: (@Sendable (String) -> Void)? = nil
    ) {
        self.seed = seed
        self.world = world
        disk = SeededDisk(seed: seed ^ 0xD15C, ignoresSynchronization: mutation == .forgetsToSynchronize)
        self.mutation = mutation
        self.show = show
        let plan = Plan(seed: seed, features: features)
        self.plan = events.map(plan.prefix) ?? plan
        scheduler = JobScheduler(seed: seed &* 7 &+ 3)
        log = SimulationLog(show: show)
        ledger = Ledger(timeline: timeline, scheduler: scheduler)
        sender = Sender(ledger: ledger, timeline: timeline, seed: seed)
        operators = OperatorDesk(ledger: ledger)
        programs = LeasePrograms(ledger: ledger, timeline: timeline, seed: seed)
        faultChance = Chance(seed: seed, name: "faults")
        answerChance = Chance(seed: seed, name: "answers")
    }

    /// Runs to the end.
    package func run() -> Report {
        scheduler.withJobs {
            prepare()
            while verdict == nil {
                guard scheduler.steps < Self.stepLimit else {
                    verdict = [Violation(rule: "rest", text: "no rest after \(Self.stepLimit) steps")]
                    break
                }
                burnFuse()
                guard !scheduler.step() else {
                    lookAtMemory()
                    continue
                }
                guard timeline.advance() else {
                    verdict = [Violation(rule: "rest", text: "nothing is left to do, and it is not over")]
                    break
                }
            }
            end()
        }
        disk.remove()
        return report()
    }

    private func report() -> Report {
        Report(
            seed: seed, features: plan.features.map(\.rawValue).sorted(), events: plan.events.count,
            steps: scheduler.steps, lives: lives,
            acknowledged: ledger.letters.count { !$0.acceptances.isEmpty },
            taken: ledger.attempts.count { $0.taken != nil }, trace: scheduler.trace, coverage: scheduler.coverage,
            violations: verdict ?? [])
    }

    private func prepare() {
        for mailbox in World.sendingMailboxes + ["local"] { addPlatform(mailbox) }
        sender.life = { [unowned self] in life }
        sender.isDiskFull = { [unowned self] in
            // A disk that fails besides may say that instead.
            let isFull = trouble.map { $0.reason == .noSpace && timeline.elapsed < $0.until } ?? false
            return isFull && !faults.contains { timeline.elapsed < $0.until }
        }
        operators.life = { [unowned self] in life }
        programs.life = { [unowned self] in life }
        disk.beforeOperation = { [unowned self] in verdict(on: $0) }
        for (time, event) in plan.events {
            timeline.after(.milliseconds(time)) { [unowned self] in perform(event) }
        }
        let last = plan.events.last?.time ?? 0
        timeline.after(.milliseconds(last + 600_000)) { [unowned self] in heal() }
        begin()
    }

    private func addPlatform(_ mailbox: String) {
        let platform = Platform(
            mailbox: mailbox, habits: plan.habits[mailbox] ?? .perfect, ledger: ledger, timeline: timeline, seed: seed)
        if mailbox == "loop" { platform.taken = { [unowned self] in sendBack($0) } }
        if plan.hasReplies, mailbox != "local" { platform.said = { [unowned self] in answer($0, $1) } }
        platforms[mailbox] = platform
    }

    /// I7: whatever happens, the lanes hold no more than they may.
    private func lookAtMemory() {
        // Where the bounds are out of reach a look now and then finds what is counted wrongly.
        guard scheduler.wasSerial, plan.memory != .standard || scheduler.steps.isMultiple(of: 16),
            let exchange = life?.exchange
        else { return }
        let memory = exchange.assumeIsolated { $0.laneMemory }
        if memory.counted != memory.held {
            ledger.excess("I7", "\(memory.held) dispatches are in memory, and \(memory.counted) are counted")
        }
        if memory.held > memory.limits.mostHeld || memory.largest > memory.limits.largestWindow {
            ledger.excess(
                "I7", "\(memory.held) dispatches are in memory, \(memory.largest) of one lane: \(memory.limits)")
        }
    }
}
