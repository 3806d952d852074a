import Messages
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
    }

    /// When each event happens, in milliseconds from the start; in order.
    package var events: [(time: Int64, event: Event)]
    /// How the platforms are.
    package var habits: [String: PlatformHabits]
    /// The most bytes that new messages fill the spool to.
    package var spoolLimit: Int64?

    /// Draws a plan.
    package init(seed: UInt64) {
        var random = SeededRandom(seed: seed &* 3 &+ 1)
        var draw = PlanDraw(random: SeededRandom(seed: random.next()))
        habits = World.sendingMailboxes.reduce(into: [:]) { $0[$1] = PlatformHabits(using: &random) }
        spoolLimit =
            Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: 200_000...400_000, using: &random) : nil
        let span = Int64.random(in: 10_000...3_600_000, using: &random)
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
}
