import Engine
package import Messages
import TestSupport

/// What happens to the router from outside, and when: all of it comes of the seed, and is known before it begins.
package struct Plan: Sendable {
    /// Something that happens.
    package enum Event: Sendable {
        /// A letter arrives.
        case arrive(LetterPlan)
        /// Letters arrive together, to be kept all or none.
        case arriveTogether([LetterPlan])
        /// The router dies after so many more steps, or at the disk's so manieth operation from now.
        case crash(CrashKind, afterSteps: Int?, atOperation: Int?)
        /// The router is stopped as it should be, and started again.
        case restart
        /// The clock on the wall is set.
        case jump(Duration)
        /// A platform does not answer for a while.
        case outage(mailbox: String, Duration)
        /// An operator does something.
        case operate(OperatorPlan)
        /// Another routes.yaml is taken.
        case reload
        /// What was settled so long ago is removed.
        case sweep(retention: Duration)
        /// The disk has no room for a while, or fails.
        case diskTrouble(isFull: Bool, Duration)
        /// Some of what the disk is asked for fails for a while.
        case diskFault(DiskFault)
        /// A program takes messages.
        case work(LeaseWork)
        /// A mailbox is taken away, and comes back.
        case reinstall(mailbox: String, after: Duration)
    }

    /// When each event happens, in milliseconds from the start; in order.
    package var events: [(time: Int64, event: Event)]
    /// How the platforms are.
    package var habits: [String: PlatformHabits]
    /// The most bytes that new messages fill the spool to.
    package var spoolLimit: Int64?
    /// What it is drawn from, and how many milliseconds it takes at most.
    let seed: UInt64
    let span: Int64
    /// What it has.
    let features: Set<Feature>
    /// How much the lanes may hold in memory.
    var memory = LaneMemoryLimits.standard
    /// How often attempts of one lane may start, by mailbox.
    var laneRates: [String: LaneRate] = [:]
    /// The mailboxes whose platforms do not know a message again.
    var holdsUnknown: Set<String> = []
    /// Whether people answer what they get, and platforms send it back.
    var hasReplies = false
    /// Whether nobody does anything when all is well.
    var isLeftAlone = false

    /// Draws a plan with these features, or those of the seed.
    package init(seed: UInt64, features: Set<Feature>? = nil) {
        self.seed = seed
        let features = features ?? Feature.drawn(seed: seed)
        self.features = features
        var random = SeededRandom(seed: seed &* 3 &+ 1)
        var draw = PlanDraw(random: SeededRandom(seed: random.next()))
        habits = World.sendingMailboxes.reduce(into: [:]) { $0[$1] = PlatformHabits(using: &random) }
        spoolLimit =
            Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: 200_000...400_000, using: &random) : nil
        span = Int64.random(in: 10_000...3_600_000, using: &random)
        var events: [(time: Int64, event: Event)] = []
        for _ in 0..<Int.random(in: 2...18, using: &random) {
            // Events of a burst meet while the router is busy with one another.
            var time = Int64.random(in: 0...span, using: &random)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                events.append((time, draw.event()))
                time += Bool.random(using: &random) ? 0 : Int64.random(in: 0...2_000, using: &random)
            }
        }
        events += Self.diskTroubles(seed: seed, span: span)
        self.events = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
        for feature in Feature.allCases where features.contains(feature) { feature.add(to: &self) }
    }

    /// Adds an event after those of the same time.
    mutating func add(_ event: Event, at time: Int64) {
        events.insert((time, event), at: events.firstIndex { $0.time > time } ?? events.endIndex)
    }

    /// A disk that fails again and again, in every third run: such trouble is rare among all that may happen, and a crash
    /// soon after it hides what it has left behind.
    private static func diskTroubles(seed: UInt64, span: Int64) -> [(time: Int64, event: Event)] {
        guard seed.isMultiple(of: 3) else { return [] }
        var random = SeededRandom(seed: seed &* 5 &+ 2)
        return (0..<Int.random(in: 1...6, using: &random)).map { _ in
            let duration = Duration.milliseconds(Int64.random(in: 1...20_000, using: &random))
            return (
                Int64.random(in: 0...span, using: &random),
                .diskTrouble(isFull: Bool.random(using: &random), duration)
            )
        }
    }

    /// The first events alone.
    package func prefix(_ count: Int) -> Plan {
        var plan = self
        plan.events = Array(events.prefix(count))
        return plan
    }
}

/// What an operator does.
package enum OperatorPlan: Sendable {
    /// Changes some dispatches; which ones is drawn when it happens, by these numbers.
    case hold(Int), release(Int), retry(Int), drop(Int)
    /// Holds up a mailbox, or lets it go on.
    case pause(mailbox: String), goOn(mailbox: String)
    /// Resets a mailbox's breakers.
    case reset(mailbox: String)
    /// Holds dispatches for so long.
    case holdFor(Int, Duration)
    /// Sends them to another address.
    case reroute(Int, to: Address)
    /// Lets held ones go on as they are.
    case releaseAsItIs(Int)
    /// Asks what dropping them would do.
    case tryOut(Int)
}

/// Attempts of a lane: so many in so long.
struct LaneRate: Sendable {
    let count: Int
    let period: Duration
}

/// What of the disk's work fails with an error of input or output.
package struct DiskFault: Sendable {
    let operations: Set<DiskOperation>
    /// How often.
    let share: Double
    let duration: Duration
}

/// What a program does: takes messages so many times, for so long, and does something with them.
package struct LeaseWork: Sendable {
    let lane: Address
    let rounds: Int
    let count: Int
    let duration: Duration
    let wait: Duration
}
