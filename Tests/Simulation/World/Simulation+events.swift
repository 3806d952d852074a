import Engine
import Files
import Messages
import Spooling

/// What happens to the router from outside.
extension Simulation {
    func perform(_ event: Plan.Event) {
        show?("\(timeline.wallTime) \(event)")
        switch event {
        case .arrive(let letter): sender.send([letter])
        case .arriveTogether(let letters): sender.send(letters)
        case .crash(let kind, let steps?, _): fuse = (kind, steps)
        case .crash(let kind, nil, let operations): diskFuse = (kind, operations ?? 1)
        case .restart: restart()
        case .jump(let duration): timeline.jump(by: duration)
        case .outage(let mailbox, let duration):
            platforms[mailbox]?.isDownUntil = timeline.elapsed + duration.milliseconds
        case .operate(let plan): operators.perform(plan)
        case .reload:
            table = (table + 1) % world.states.count
            life?.exchange?.use(world.states[table])
        case .sweep(let retention): sweep(retention)
        case .diskTrouble(let isFull, let duration):
            trouble = (isFull ? .noSpace : .inputOutput, timeline.elapsed + duration.milliseconds)
        }
    }

    private func sweep(_ retention: Duration) {
        guard let life, let spool = life.spool else { return }
        ledger.swept()
        let time = timeline.wallTime - retention
        Task { try? await spool.sweep(settledBefore: time) }
    }

    // MARK: The disk

    /// What becomes of an operation of the disk.
    func verdict(on operation: DiskOperation) -> DiskVerdict {
        if let fuse = diskFuse {
            diskFuse = fuse.operations > 1 ? (fuse.kind, fuse.operations - 1) : nil
            if diskFuse == nil {
                diskCrash = fuse.kind
                return .crash(fuse.kind)
            }
        }
        guard let trouble, timeline.elapsed < trouble.until, trouble.reason == .inputOutput || operation == .write
        else {
            return .proceed
        }
        return .fail(trouble.reason)
    }

    // MARK: Lives

    /// The router dies when its time has come.
    func burnFuse() {
        if let kind = diskCrash {
            diskCrash = nil
            die(kind, hasDiskGone: true)
        } else if let burning = fuse {
            fuse = burning.steps > 0 ? (burning.kind, burning.steps - 1) : nil
            if fuse == nil { die(burning.kind, hasDiskGone: false) }
        }
    }

    func begin() {
        lives += 1
        let life = Life(
            number: lives, seed: seed, timeline: timeline, scheduler: scheduler, sink: log, parts: parts())
        self.life = life
        show?("\(timeline.wallTime) life \(lives) begins, step \(scheduler.steps)")
        life.start()
    }

    private func parts() -> Life.Parts {
        Life.Parts(
            disk: disk, limit: plan.spoolLimit, routing: world.states[table], mutation: mutation,
            adapters: { [unowned self] in adapters(of: $0) },
            failed: { [unowned self] life, error in
                show?("\(timeline.wallTime) life \(life.number) cannot begin: \(error)")
                // With the next step, for this one is its own.
                fuse = (.killed, 0)
            },
            stopped: { [unowned self] stopped in
                guard life === stopped else { return }
                life = nil
                begin()
            })
    }

    private func adapters(of life: Life) -> [Life.Installation] {
        platforms.sorted { $0.key < $1.key }.map { name, platform in
            let adapter = SimulatedAdapter(platform: platform, ledger: ledger, life: life)
            return Life.Installation(
                name: name, adapter: mutation?.adapter(over: adapter) ?? adapter,
                limits: (plan.habits[name] ?? .perfect).limits)
        }
    }

    /// The router dies, and is started again after a while.
    private func die(_ kind: CrashKind, hasDiskGone: Bool) {
        guard let dead = life else { return }
        show?("\(timeline.wallTime) life \(dead.number) ends (\(kind)), step \(scheduler.steps)")
        life = nil
        ledger.crashed()
        disk.crash(hasDiskGone ? .killed : kind)
        bury(dead)
        let pause = [Duration.zero, .seconds(1), .seconds(30)][lives % 3]
        timeline.after(pause) { [unowned self] in begin() }
    }

    private func bury(_ dead: Life) {
        dead.die()
        if !scheduler.drain(limit: 100_000) { show?("life \(dead.number) does not come to its end") }
    }

    private func restart() {
        guard let leaving = life, leaving.exchange != nil else { return }
        show?("\(timeline.wallTime) life \(leaving.number) is stopped, step \(scheduler.steps)")
        leaving.stop()
    }

    /// The end of the run: nothing stays in memory.
    func end() {
        guard let last = life else { return }
        life = nil
        bury(last)
    }
}
