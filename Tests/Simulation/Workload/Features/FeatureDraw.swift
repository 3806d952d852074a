import Engine
import Messages

/// Draws what a feature adds to a plan.
struct FeatureDraw {
    var chance: Chance
    private let name: String
    private let span: Int64
    private var letters = 0

    init(_ feature: Feature, _ plan: Plan) {
        chance = Chance(seed: plan.seed, name: feature.rawValue)
        name = feature.rawValue
        span = plan.span
    }

    /// A moment of the plan.
    mutating func moment() -> Int64 { chance.number(0...span) }

    /// A letter to these recipients that no route takes.
    mutating func letter(to recipients: [Address], mailbox: String = "chat") -> LetterPlan {
        letters += 1
        var plan = LetterPlan(
            mailbox: mailbox, topicClass: "other", recipients: recipients,
            text: "\(World.bodyMarker) \(name) \(letters)")
        plan.eventKey = chance.happens(0.8) ? "\(name)-\(letters)" : nil
        return plan
    }

    /// An address of a mailbox that sends.
    mutating func address(of mailbox: String? = nil, user: String? = nil) -> Address? {
        try? Address(
            platform: mailbox ?? chance.pick(World.sendingMailboxes), user: user ?? chance.pick(World.users))
    }

    // MARK: Lanes

    mutating func addBacklog(_ plan: inout Plan) {
        plan.memory = LaneMemoryLimits(window: chance.pick([4, 8]), total: chance.pick([16, 32, 64]))
        for _ in 0..<chance.number(1...2) {
            guard let recipient = address() else { continue }
            let time = moment()
            let letters = (0..<chance.number(20...50)).map { _ in
                var letter = letter(to: [recipient])
                if chance.happens(0.5) { letter.thread = chance.pick(World.threads) }
                letter.priority = chance.pick([.low, .normal, .normal, .urgent])
                if chance.happens(0.1) { letter.delay = chance.seconds(0...600) }
                return letter
            }
            // Some at once and some one after the other, as they come from different senders.
            let cut = chance.number(0...letters.count)
            plan.add(.arriveTogether(Array(letters[..<cut])), at: time)
            for letter in letters[cut...] { plan.add(.arrive(letter), at: time + chance.number(0...60_000)) }
        }
    }

    mutating func addPacing(_ plan: inout Plan) {
        let mailbox = chance.pick(World.sendingMailboxes)
        plan.laneRates[mailbox] = LaneRate(count: chance.number(1...3), period: chance.seconds(1...30))
        plan.memory = LaneMemoryLimits(window: 4, total: 16)
        guard let recipient = address(of: mailbox, user: "paced") else { return }
        let time = moment()
        let flood = (0..<40).map { _ in letter(to: [recipient]) }
        plan.add(.arriveTogether(flood), at: time)
        for _ in 0..<chance.number(1...6) {
            var urgent = letter(to: [recipient])
            urgent.priority = chance.pick([.high, .urgent])
            plan.add(.arrive(urgent), at: time + chance.number(0...120_000))
        }
    }

    mutating func addLeases(_ plan: inout Plan) {
        for _ in 0..<chance.number(5...20) {
            guard let lane = address(of: World.pulledMailbox) else { continue }
            var letter = letter(to: [lane])
            if chance.happens(0.6) { letter.thread = chance.pick(World.threads) }
            if chance.happens(0.1) { letter.lifetime = chance.seconds(60...7_200) }
            if chance.happens(0.1) { letter.delay = chance.seconds(0...600) }
            letter.priority = chance.pick([.low, .normal, .normal, .high])
            plan.add(.arrive(letter), at: moment())
        }
        // Programs that come together compete for the same messages.
        let rush = moment()
        for _ in 0..<chance.number(2...6) {
            guard let lane = address(of: World.pulledMailbox) else { continue }
            plan.add(
                .work(
                    LeaseWork(
                        lane: lane, rounds: chance.number(1...6), count: chance.number(1...4),
                        duration: chance.seconds(1...120), wait: chance.seconds(0...60))),
                at: chance.happens(0.7) ? rush + chance.number(0...30_000) : moment())
        }
    }

    // MARK: Messages

    mutating func addBlobs(_ plan: inout Plan) {
        for _ in 0..<chance.number(1...4) {
            guard let recipient = address() else { continue }
            var letter = letter(to: [recipient])
            letter.blob = BlobPlan(
                fill: chance.number(0...3), size: chance.pick([65_537, 80_000, 200_000]),
                // As a message of several files, of which the last is slow to come.
                pause: chance.happens(0.5) ? .zero : chance.seconds(0...3_000))
            plan.add(.arrive(letter), at: moment())
        }
        for _ in 0..<chance.number(1...3) { plan.add(.sweep(retention: chance.seconds(0...600)), at: moment()) }
    }

    mutating func addChains(_ plan: inout Plan) {
        for _ in 0..<chance.number(2...6) {
            guard let recipient = address() else { continue }
            var letter = letter(to: [recipient])
            letter.depth = chance.pick([0, 1, 7, 8, 9, 12])
            let hops = chance.pick([0, 0, 1, 14, 15, 16, 20])
            letter.received = (0..<hops).map { _ in
                Hop(
                    router: chance.happens(0.08) ? World.router : "hop\(chance.number(1...9)).example",
                    time: Timestamp(seconds: 1_600_000_000), by: "peer")
            }
            letter.isMeasured = true
            plan.add(.arrive(letter), at: moment())
        }
        guard let bot = address(of: "loop", user: "bot") else { return }
        var first = letter(to: [bot])
        first.isMeasured = true
        first.isConversation = true
        plan.add(.arrive(first), at: moment())
    }

    mutating func addBounces(_ plan: inout Plan) {
        plan.habits["local"] = .refusing
        guard let mailbox = chance.pick([nil, chance.pick(World.sendingMailboxes)]) else { return }
        plan.habits[mailbox] = .refusing
        for _ in 0..<chance.number(1...4) {
            guard let recipient = address(of: mailbox) else { continue }
            var letter = letter(to: [recipient])
            letter.isBounce = chance.happens(0.5)
            plan.add(.arrive(letter), at: moment())
        }
    }

    // MARK: What is done to the router

    mutating func addReinstalls(_ plan: inout Plan) {
        for _ in 0..<chance.number(1...3) {
            let mailbox = chance.pick(World.sendingMailboxes)
            plan.add(.reinstall(mailbox: mailbox, after: chance.seconds(0...600)), at: moment())
        }
    }

    mutating func addUncertainty(_ plan: inout Plan) {
        for mailbox in World.sendingMailboxes where chance.happens(0.5) {
            plan.holdsUnknown.insert(mailbox)
            plan.habits[mailbox]?.losesMore()
        }
    }

    mutating func addActions(_ plan: inout Plan) {
        for _ in 0..<chance.number(2...8) {
            let pick = chance.number(0...1_000_000)
            guard let target = address() else { continue }
            let action = chance.pick([
                OperatorPlan.holdFor(pick, chance.seconds(1...7_200)), .reroute(pick, to: target),
                .reroute(pick, to: target), .releaseAsItIs(pick), .tryOut(pick), .hold(pick), .release(pick),
            ])
            plan.add(.operate(action), at: moment())
        }
    }

    mutating func addCrashes(_ plan: inout Plan) {
        for _ in 0..<chance.number(2...6) {
            let time = moment()
            let kind: CrashKind = chance.pick([.killed, .powerLoss])
            if chance.happens(0.6) { plan.add(.crash(kind, afterSteps: 0, atOperation: nil), at: time) }
            // The next life is opened then, or this one goes on.
            plan.add(.crash(kind, afterSteps: nil, atOperation: chance.number(1...80)), at: time + 1)
        }
    }

    mutating func addDiskFaults(_ plan: inout Plan) {
        for _ in 0..<chance.number(1...4) {
            let operations: Set<DiskOperation> = chance.pick([
                [.read], [.read], [.write], [.synchronize], [.read, .write, .synchronize, .inspect, .open],
            ])
            let fault = DiskFault(
                operations: operations, share: chance.pick([0.02, 0.2, 1]),
                duration: .milliseconds(chance.number(1...60_000)))
            plan.add(.diskFault(fault), at: moment())
        }
    }
}
