import Messages
import TestSupport

/// Draws what happens.
struct PlanDraw {
    var random: SeededRandom
    private var letters = 0

    init(random: SeededRandom) {
        self.random = random
    }

    mutating func event() -> Plan.Event {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<58: return .arrive(letter())
        case 58..<62: return .arriveTogether((0..<Int.random(in: 2...8, using: &random)).map { _ in letter() })
        case 62..<74: return crash()
        case 74..<76: return .restart
        case 76..<79: return .jump(.milliseconds(Int64.random(in: -3_600_000...3_600_000, using: &random)))
        case 79..<84: return .outage(mailbox: mailbox(), .seconds(Int64.random(in: 1...1_800, using: &random)))
        case 84..<94: return .operate(operatorPlan())
        case 94..<96: return .reload
        case 96..<98: return .sweep(retention: .seconds(Int64.random(in: 0...1_800, using: &random)))
        default:
            return .diskTrouble(isFull: chance(0.6), .milliseconds(Int64.random(in: 1...60_000, using: &random)))
        }
    }

    private mutating func crash() -> Plan.Event {
        let kind: CrashKind = chance(0.5) ? .killed : .powerLoss
        // Small numbers are likelier: most steps that matter follow close upon what began them.
        let reach = Int.random(in: 0...7, using: &random)
        let count = Int.random(in: 0...(1 << reach), using: &random)
        return chance(0.6)
            ? .crash(kind, afterSteps: count, atOperation: nil) : .crash(kind, afterSteps: nil, atOperation: count + 1)
    }

    private mutating func operatorPlan() -> OperatorPlan {
        let pick = Int.random(in: 0..<1_000_000, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: return .hold(pick)
        case 2..<4: return .release(pick)
        case 4..<6: return .retry(pick)
        case 6: return .drop(pick)
        case 7: return .pause(mailbox: mailbox())
        case 8: return .goOn(mailbox: mailbox())
        default: return .reset(mailbox: mailbox())
        }
    }

    private mutating func letter() -> LetterPlan {
        letters += 1
        var plan = LetterPlan(
            mailbox: pick(World.receivingMailboxes), topicClass: pick(World.topicClasses),
            text: "\(World.bodyMarker) \(letters) " + String(repeating: "x", count: pick([0, 0, 40, 400, 4_000])))
        for _ in 0..<pick([0, 1, 1, 1, 2, 3]) {
            guard let address = try? Address(platform: mailbox(), user: pick(World.users)) else { continue }
            if !plan.recipients.contains(address) { plan.recipients.append(address) }
        }
        if chance(0.7) { plan.thread = pick(World.threads) }
        if chance(0.7) {
            plan.eventKey = "event-\(letters)"
            plan.repetitions = pick([0, 0, 0, 1, 2])
        }
        if chance(0.1) { plan.delay = .seconds(Int64.random(in: 0...3_600, using: &random)) }
        if chance(0.1) { plan.lifetime = .seconds(Int64.random(in: 1...7_200, using: &random)) }
        plan.isAutomatic = chance(0.1)
        plan.priority = pick([.low, .normal, .normal, .normal, .high, .urgent])
        return plan
    }

    private mutating func mailbox() -> String { pick(World.sendingMailboxes) }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private mutating func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < share
    }
}
