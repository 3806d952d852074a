import AdapterKit
import Engine
import Messages
import TestSupport

/// Hands letters to the router as platforms do: again while it has not said yes or no, and sometimes after.
final class Sender {
    private let ledger: Ledger
    private let timeline: Timeline
    private var random: SeededRandom
    /// The life that can be talked to, if any.
    var life: () -> Life? = { nil }
    /// Whether the disk has no room, and nothing else is wrong with it.
    var isDiskFull: () -> Bool = { false }
    /// How many letters are still to be sent.
    private(set) var open = 0

    init(ledger: Ledger, timeline: Timeline, seed: UInt64) {
        self.ledger = ledger
        self.timeline = timeline
        random = SeededRandom(seed: seed ^ 0x5E4D)
    }

    /// Sends letters, several of them in one call.
    func send(_ plans: [LetterPlan]) {
        open += 1
        attempt(plans.map(ledger.write), triesLeft: 8)
    }

    private func attempt(_ letters: [Letter], triesLeft: Int) {
        guard let life = life(), let exchange = life.exchange else { return again(letters, triesLeft) }
        let prepared = letters.compactMap { arrival(of: $0, life) }
        let confined = Confined((sender: self, letters: letters, life: life))
        Task {
            let outcome = await confined.value.sender.outcome(
                of: prepared, confined.value.letters, confined.value.life, exchange)
            let (sender, letters, life) = confined.value
            sender.answered(letters, life.isAlive ? outcome : nil, triesLeft: triesLeft)
        }
    }

    private func outcome(
        of prepared: [Arrival], _ letters: [Letter], _ life: Life, _ exchange: Exchange
    ) async -> Result<[Acceptance], AcceptError> {
        do throws(AcceptError) {
            let arrivals = try await withFiles(prepared, of: letters, life)
            return .success(
                arrivals.count == 1
                    ? [try await exchange.accept(arrivals[0])] : try await exchange.accept(arrivals))
        } catch {
            return .failure(error)
        }
    }

    /// The router's answer, or none because it died.
    private func answered(_ letters: [Letter], _ outcome: Result<[Acceptance], AcceptError>?, triesLeft: Int) {
        switch outcome {
        case .success(let acceptances):
            for (letter, acceptance) in zip(letters, acceptances) { ledger.accepted(letter, acceptance) }
            open -= 1
            for letter in letters where letter.acceptances.count <= letter.plan.repetitions { repeatLater(letter) }
        case .failure(.refused(let reason)):
            for letter in letters { ledger.refused(letter, .refused(reason: reason)) }
            open -= 1
        case .failure(let error):
            for letter in letters { ledger.refused(letter, error) }
            if case .unavailable(let reason) = error, isDiskFull(), reason.contains("cannot store") {
                ledger.misled.append("letter \(letters[0].number) was told \"\(reason)\" by a router without room")
            }
            again(letters, triesLeft)
        case nil:
            // Without an id of the event the platform cannot send it again without sending it twice.
            let isRepeatable = letters.allSatisfy { $0.plan.eventKey != nil }
            if isRepeatable { again(letters, triesLeft) } else { open -= 1 }
        }
    }

    private func repeatLater(_ letter: Letter) {
        open += 1
        later { $0.attempt([letter], triesLeft: 2) }
    }

    private func again(_ letters: [Letter], _ triesLeft: Int) {
        guard triesLeft > 0 else {
            open -= 1
            return
        }
        later { $0.attempt(letters, triesLeft: triesLeft - 1) }
    }

    private func later(_ body: @escaping (Sender) -> Void) {
        timeline.after(.milliseconds(Int64.random(in: 0...30_000, using: &random))) { body(self) }
    }

    /// Has the files of letters kept, before the letters are.
    private func withFiles(
        _ arrivals: [Arrival], of letters: [Letter], _ life: Life
    ) async throws(AcceptError) -> [Arrival] {
        var arrivals = arrivals
        for (index, letter) in letters.enumerated() {
            guard let blob = letter.plan.blob else { continue }
            do {
                let reference = try await life.store(blob.bytes)
                try await life.clock.sleep(for: blob.pause)
                arrivals[index].envelope.parts.append(
                    Part(type: .file, mediaType: "application/octet-stream", content: .blob(reference)))
            } catch {
                throw .unavailable(reason: "\(error)")
            }
        }
        return arrivals
    }

    private func arrival(of letter: Letter, _ life: Life) -> Arrival? {
        let plan = letter.plan
        let id = life.identifiers.next()
        guard let from = try? Address(platform: plan.mailbox, user: "sender"),
            let topic = try? Topic(source: plan.mailbox, class: plan.topicClass)
        else { return nil }
        ledger.send(letter, as: id)
        let now = timeline.wallTime
        var envelope = Envelope(
            id: id, time: now, from: from, to: plan.recipients, topic: topic, subject: "letter \(letter.number)",
            parts: [.text(plan.text)])
        envelope.thread = plan.thread
        envelope.notBefore = plan.delay.map { now + $0 }
        envelope.expires = plan.lifetime.map { now + $0 }
        envelope.priority = plan.priority
        envelope.received = plan.received
        envelope.inReplyTo = plan.inReplyTo
        envelope.depth = plan.depth
        if plan.isAutomatic { envelope.sender = Messages.Sender(isAutomatic: true) }
        if plan.isBounce { envelope.kind = .bounce }
        return Arrival(envelope: envelope, eventKey: plan.eventKey, remoteID: plan.remoteID)
    }
}
