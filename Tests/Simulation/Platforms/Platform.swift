import Messages
import TestSupport

/// A platform on the far side: it outlives the router, and remembers what it saw.
final class Platform {
    private let mailbox: String
    private let habits: PlatformHabits
    private let ledger: Ledger
    private let timeline: Timeline
    private var random: SeededRandom
    private var recent: [Int64] = []
    private var remoteIDs = 0
    /// It answers nothing until then.
    var isDownUntil: Int64 = 0
    /// From now on it takes everything at once.
    var isHealthy = false
    /// Is told of each message that it has said to have taken, under these ids.
    var said: (Attempt, [String]) -> Void = { _, _ in }
    /// Is told of each message that it takes.
    var taken: (Attempt) -> Void = { _ in }

    init(mailbox: String, habits: PlatformHabits, ledger: Ledger, timeline: Timeline, seed: UInt64) {
        self.mailbox = mailbox
        self.habits = habits
        self.ledger = ledger
        self.timeline = timeline
        random = SeededRandom(seed: seed ^ TraceHash.of(mailbox))
    }

    /// What becomes of an attempt.
    enum Answer {
        /// The adapter returns this after the way back.
        case receipt(Receipt, after: Duration)
        /// The adapter throws.
        case failure
        /// Nothing comes until somebody loses patience.
        case silence
    }

    /// How long the message is on its way.
    func outward() -> Duration { isHealthy ? .zero : latency() }

    /// The message has arrived.
    func answer(_ attempt: Attempt) -> Answer {
        guard !isHealthy else { return take(attempt, back: .zero) }
        let now = timeline.elapsed
        recent.removeAll { $0 <= now - 10_000 }
        if now < isDownUntil { return chance(0.2) ? .silence : deferred(attempt, "the platform is down") }
        if let limit = habits.limit, recent.count >= limit, let first = recent.first {
            let pause = Duration.milliseconds(first + 10_000 - now)
            attempt.retryAfter = pause
            return .receipt(.deferred(reason: "too many", retryAfter: pause), after: .zero)
        }
        recent.append(now)
        if chance(habits.throwsErrors) { return .failure }
        if chance(habits.defers) { return deferred(attempt, "not now") }
        if chance(habits.rejects) { return .receipt(.rejected(reason: "never"), after: latency()) }
        if chance(habits.hangs) {
            if chance(0.5) { note(attempt) }
            return .silence
        }
        if chance(habits.lies) {
            attempt.isLie = true
            return .receipt(.delivered, after: latency())
        }
        if chance(habits.losesAnswers) {
            if chance(0.7) { note(attempt) }
            return .receipt(.unknown(reason: "the connection was lost"), after: latency())
        }
        return take(attempt, back: latency())
    }

    private func take(_ attempt: Attempt, back: Duration) -> Answer {
        note(attempt)
        remoteIDs += 1
        let remoteIDs = chance(0.5) ? ["\(mailbox)-\(self.remoteIDs)"] : []
        return .receipt(.delivered(remoteIDs: remoteIDs, detail: nil), after: back)
    }

    private func note(_ attempt: Attempt) {
        ledger.take(attempt)
        taken(attempt)
    }

    private func deferred(_ attempt: Attempt, _ reason: String) -> Answer {
        if chance(habits.saysWhen) { attempt.retryAfter = .seconds(Int64.random(in: 1...300, using: &random)) }
        return .receipt(.deferred(reason: reason, retryAfter: attempt.retryAfter), after: latency())
    }

    private func latency() -> Duration {
        .milliseconds(habits.latency == 0 ? 0 : Int64.random(in: 0...habits.latency, using: &random))
    }

    private func chance(_ share: Double) -> Bool {
        share > 0 && Double.random(in: 0..<1, using: &random) < share
    }
}
