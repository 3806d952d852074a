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
            ledger.diskFails()
            trouble = (isFull ? .noSpace : .inputOutput, timeline.elapsed + duration.milliseconds)
        case .diskFault(let fault):
            ledger.diskFails()
            faults.append((fault, timeline.elapsed + fault.duration.milliseconds))
        case .work(let plan): programs.work(plan)
        case .reinstall(let mailbox, let pause): reinstall(mailbox, after: pause)
        }
    }

    /// A mailbox is taken out of routes.yaml, and put in again.
    private func reinstall(_ mailbox: String, after pause: Duration) {
        guard let life, let exchange = life.exchange, uninstalled.insert(mailbox).inserted else { return }
        Task { await exchange.uninstall(mailbox) }
        if mutation == .dropsWithMailbox {
            var filter = DispatchFilter()
            filter.recipient = "\(mailbox):*"
            Task { [filter] in
                _ = try? await exchange.apply(.drop(reason: "gone"), to: filter, by: "reload", isDryRun: false)
            }
        }
        timeline.after(pause) { [unowned self] in install(mailbox) }
    }

    /// Puts a mailbox back; a new life has all of them.
    func install(_ mailbox: String) {
        guard uninstalled.remove(mailbox) != nil, let life, let exchange = life.exchange,
            let installation = installations(of: life).first(where: { $0.name == mailbox })
        else { return }
        Task { await exchange.install(mailbox, adapter: installation.adapter, limits: installation.limits) }
    }

    private func sweep(_ retention: Duration) {
        guard let life, let spool = life.spool else { return }
        ledger.swept()
        let time = timeline.wallTime - retention
        Task { try? await spool.sweep(settledBefore: time) }
    }

    // MARK: The disk

    /// What becomes of an operation of the disk.
    func verdict(on request: DiskRequest) -> DiskVerdict {
        operationCount += 1
        let burnt = burnDiskFuse()
        scheduler.note(request, index: operationCount, isCrash: burnt != nil)
        if let burnt {
            diskCrash = burnt
            return .crash(burnt)
        }
        if let trouble, timeline.elapsed < trouble.until,
            trouble.reason == .inputOutput || request.operation == .write
        {
            return .fail(trouble.reason)
        }
        for (fault, until) in faults where timeline.elapsed < until && fault.operations.contains(request.operation) {
            if faultChance.happens(fault.share) { return .fail(.inputOutput) }
        }
        return .proceed
    }

    /// What the router dies of, if this operation is its last.
    private func burnDiskFuse() -> CrashKind? {
        guard let fuse = diskFuse else { return nil }
        diskFuse = fuse.operations > 1 ? (fuse.kind, fuse.operations - 1) : nil
        return diskFuse == nil ? fuse.kind : nil
    }

    /// Whether the disk may fail at this moment.
    private var isDiskFailing: Bool {
        trouble.map { timeline.elapsed < $0.until } ?? false || faults.contains { timeline.elapsed < $0.until }
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
        operationCount = 0
        uninstalled = []
        let life = Life(
            number: lives, seed: seed, timeline: timeline, scheduler: scheduler, sink: log, parts: parts())
        self.life = life
        show?("\(timeline.wallTime) life \(lives) begins, step \(scheduler.steps)")
        life.start()
    }

    private func parts() -> Life.Parts {
        Life.Parts(
            disk: disk, limit: plan.spoolLimit, memory: plan.memory, routing: world.states[table], mutation: mutation,
            adapters: { [unowned self] in installations(of: $0) },
            isDiskFailing: { [unowned self] in isDiskFailing },
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

    private func installations(of life: Life) -> [Life.Installation] {
        let pulled = Life.Installation(name: World.pulledMailbox, adapter: PulledAdapter(), limits: MailboxLimits())
        let receiving = Life.Installation(name: "web", adapter: ReceivingAdapter(), limits: MailboxLimits())
        return [pulled, receiving]
            + platforms.sorted { $0.key < $1.key }.map { name, platform in
                let limits = limits(of: name)
                let adapter = SimulatedAdapter(platform: platform, limits: limits, ledger: ledger, life: life)
                return Life.Installation(
                    name: name, adapter: mutation?.adapter(over: adapter) ?? adapter,
                    limits: mutation?.limits(instead: limits) ?? limits)
            }
    }

    private func limits(of mailbox: String) -> MailboxLimits {
        var limits = (plan.habits[mailbox] ?? .perfect).limits
        limits.laneRate = plan.laneRates[mailbox].map { TokenBucket(rate: $0.count, per: $0.period) }
        limits.retry.holdsUnknown = plan.holdsUnknown.contains(mailbox)
        return limits
    }

    /// The router dies, and is started again after a while.
    private func die(_ kind: CrashKind, hasDiskGone: Bool) {
        guard let dead = life else { return }
        show?("\(timeline.wallTime) life \(dead.number) ends (\(kind)), step \(scheduler.steps)")
        life = nil
        ledger.crashed()
        scheduler.noteCrash()
        disk.crash(hasDiskGone ? .killed : kind)
        bury(dead)
        let pause = [Duration.zero, .seconds(1), .seconds(30)][lives % 3]
        timeline.after(pause) { [unowned self] in begin() }
    }

    private func bury(_ dead: Life) {
        dead.die()
        if !scheduler.drain(limit: 100_000) { show?("life \(dead.number) does not come to its end") }
    }

    func restart() {
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
