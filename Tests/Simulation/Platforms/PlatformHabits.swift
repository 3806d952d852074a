import Engine
import TestSupport

/// How a platform behaves; drawn from the seed.
package struct PlatformHabits: Sendable {
    /// The longest way there, and back, in milliseconds.
    var latency: Int64
    /// How often it takes nothing now.
    var defers: Double
    /// How often it then says when to come again.
    var saysWhen: Double
    /// How often it will never take the message.
    var rejects: Double
    /// How often it takes the message and the answer is lost.
    var losesAnswers: Double
    /// How often it does not answer until the attempt is ended.
    var hangs: Double
    /// How often it says to have taken what it has not.
    var lies: Double
    /// How often the adapter throws before it has sent anything.
    var throwsErrors: Double
    /// How many attempts it lets through in ten seconds; beyond, it says when to come again.
    var limit: Int?
    /// How many dispatches of the mailbox the router tries at once, and of one lane.
    var concurrency: Int
    var laneParallelism: Int

    /// A platform that takes everything at once.
    static let perfect = PlatformHabits()

    private init() {
        (latency, defers, saysWhen, rejects, losesAnswers) = (0, 0, 0, 0, 0)
        (hangs, lies, throwsErrors, limit, concurrency, laneParallelism) = (0, 0, 0, nil, 64, 1)
    }

    /// A platform that refuses half of what it gets.
    static let refusing: PlatformHabits = {
        var habits = PlatformHabits.perfect
        habits.rejects = 0.5
        return habits
    }()

    /// What its mailbox is installed with.
    var limits: MailboxLimits { MailboxLimits(concurrency: concurrency, laneParallelism: laneParallelism) }

    /// Answers get lost oftener, and the platform never says of its own what it has not.
    mutating func losesMore() {
        losesAnswers = max(losesAnswers, 0.2)
        lies = 0
    }

    init(using random: inout SeededRandom) {
        func share(_ values: [Double]) -> Double { values.randomElement(using: &random) ?? 0 }
        latency = [0, 10, 500, 20_000].randomElement(using: &random) ?? 0
        defers = share([0, 0.05, 0.3, 0.8])
        saysWhen = share([0, 0.5])
        rejects = share([0, 0, 0.05, 0.2])
        losesAnswers = share([0, 0, 0.05, 0.2])
        hangs = share([0, 0, 0, 0.05])
        lies = share([0, 0, 0, 0.02])
        throwsErrors = share([0, 0, 0.05])
        limit = [nil, nil, nil, 3].randomElement(using: &random) ?? nil
        concurrency = [1, 4, 64].randomElement(using: &random) ?? 64
        laneParallelism = [1, 1, 4].randomElement(using: &random) ?? 1
    }
}
