import CSimulation
package import Spooling
import TestSupport

/// Runs everything that could run at once one after the other, in an order that comes of the seed.
///
/// Swift's jobs, the turns of the spool's threads and what time brings about all become steps here.
package final class JobScheduler: Sendable {
    /// Something that could go on now.
    private enum Step {
        case job(UnsafeMutableRawPointer)
        case serial(UnownedJob, SimulatedExecutor)
        case task(UnownedJob, SimulatedPool)
        case turn(ThreadLoop)
        case call(() -> Void)

        /// Where a task goes on; 0 for what is no task.
        var resumption: UInt {
            switch self {
            case .job(let job): simulation_resumption(job)
            case .serial(let job, _), .task(let job, _):
                simulation_resumption(unsafeBitCast(job, to: UnsafeMutableRawPointer.self))
            case .turn, .call: 0
            }
        }

        var isSerial: Bool { if case .serial = self { true } else { false } }

        var code: UInt64 {
            switch self {
            case .job: 1
            case .serial: 2
            case .task: 3
            case .turn: 4
            case .call: 5
            }
        }
    }

    private final class State {
        var ready: [Step] = []
        var random: SeededRandom
        let disorder: Double
        var trace = TraceHash()
        var steps = 0
        var isDraining = false
        var wasSerial = false
        var coverage = Coverage()

        init(seed: UInt64) {
            random = SeededRandom(seed: seed)
            // Some seeds keep nearly to the order of arrival, where long ways come to their end; others shuffle all.
            disorder = [0.02, 0.2, 0.6, 1].randomElement(using: &random) ?? 1
        }
    }

    private let confined: Confined<State>
    private var state: State { confined.value }

    /// Creates a scheduler without steps.
    package init(seed: UInt64) {
        confined = Confined(State(seed: seed))
    }

    /// How many steps have been made, those of routers that are dead apart.
    package var steps: Int { state.steps }

    /// What has happened so far, as a number: equal for equal runs.
    package var trace: UInt64 { state.trace.value }

    /// Takes note of something that has happened.
    package func note(_ values: UInt64...) {
        guard !state.isDraining else { return }
        for value in values { state.trace.mix(value) }
    }

    /// Whether the last step was one of an actor with an executor of its own.
    package var wasSerial: Bool { state.wasSerial }

    /// Where crashes came, and where they did not.
    package var coverage: Coverage { state.coverage }

    /// Notes what the disk is asked for; changed in place, as there are many.
    package func note(_ request: DiskRequest, index: Int, isCrash: Bool) {
        state.coverage.saw(request, index: index, isCrash: isCrash)
    }

    /// Notes that the router dies before what could go on now.
    package func noteCrash() {
        for step in state.ready where step.resumption != 0 {
            state.coverage.saw(await: step.resumption, isCrash: true)
        }
    }

    /// Adds a step.
    package func call(_ body: @escaping () -> Void) {
        state.ready.append(.call(body))
    }

    /// Makes one step; `false` when there is none.
    package func step() -> Bool {
        let count = state.ready.count
        guard count > 0 else { return false }
        let isShuffled = count > 1 && Double.random(in: 0..<1, using: &state.random) < state.disorder
        let index = isShuffled ? Int.random(in: 0..<count, using: &state.random) : 0
        let step = state.ready.remove(at: index)
        state.steps += 1
        note(step.code, UInt64(index), UInt64(count))
        state.wasSerial = step.isSerial
        if step.resumption != 0 { state.coverage.saw(await: step.resumption, isCrash: false) }
        run(step)
        return true
    }

    /// Lets what is left of a dead router run to its end, so that nothing of it stays in memory.
    ///
    /// - Returns: Whether it came to an end within so many steps.
    package func drain(limit: Int) -> Bool {
        state.isDraining = true
        defer { state.isDraining = false }
        for _ in 0..<limit {
            guard !state.ready.isEmpty else { return true }
            run(state.ready.removeFirst())
        }
        return false
    }

    private func run(_ step: Step) {
        switch step {
        case .job(let job): simulation_run(job)
        case .serial(let job, let executor): job.runSynchronously(on: executor.asUnownedSerialExecutor())
        case .task(let job, let executor): job.runSynchronously(on: executor.asUnownedTaskExecutor())
        case .turn(let loop): loop.makeTurn()
        case .call(let body): body()
        }
    }

    // MARK: Where steps come from

    /// Runs the body with all of Swift's jobs of this thread in hand.
    package func withJobs<Result>(_ body: () -> Result) -> Result {
        simulation_enter(Unmanaged.passUnretained(self).toOpaque()) { scheduler, job in
            guard let scheduler, let job else { return }
            Unmanaged<JobScheduler>.fromOpaque(scheduler).takeUnretainedValue().state.ready.append(.job(job))
        }
        defer { simulation_leave() }
        return body()
    }

    func enqueue(serial job: UnownedJob, on executor: SimulatedExecutor) {
        state.ready.append(.serial(job, executor))
    }

    func enqueue(task job: UnownedJob, on executor: SimulatedPool) {
        state.ready.append(.task(job, executor))
    }

    fileprivate func enqueue(_ loop: ThreadLoop) {
        state.ready.append(.turn(loop))
    }
}

// MARK: The spool's threads

extension JobScheduler: SpoolThreads {
    /// Starts a thread whose turns are steps.
    package func start(_ begin: @escaping @Sendable () -> MakeTurn) throws(SpoolError) {
        call { self.enqueue(ThreadLoop(begin(), on: self)) }
    }
}

/// A thread of the spool.
private final class ThreadLoop {
    private let turn: MakeTurn
    private let scheduler: JobScheduler

    init(_ turn: @escaping MakeTurn, on scheduler: JobScheduler) {
        self.turn = turn
        self.scheduler = scheduler
    }

    func makeTurn() {
        let confined = Confined(self)
        switch turn({ confined.value.scheduler.enqueue(confined.value) }) {
        case .again: scheduler.enqueue(self)
        case .sleep, .end: return
        }
    }
}
