import Messages

/// What platforms send back.
extension Simulation {
    /// The far side of a loop sends a message back: as another router would, or as a machine that answers everything.
    func sendBack(_ attempt: Attempt) {
        let envelope = attempt.dispatch.envelope
        let letter = ledger.letter(envelope.id)
        let isConversation = letter?.plan.isConversation ?? false
        let generation = (letter?.plan.generation ?? 0) + 1
        // The checker has seen enough by then.
        guard generation < (isConversation ? 12 : 8) else { return }
        var back = LetterPlan(mailbox: "loop", topicClass: "other", text: envelope.text)
        back.recipients = [attempt.dispatch.recipient]
        back.generation = generation
        if isConversation {
            back.depth = envelope.depth + 1
            back.isConversation = true
            back.isMeasured = true
        } else {
            back.received = envelope.received + [Hop(router: "peer.example", time: timeline.wallTime, by: "loop")]
        }
        timeline.after(.seconds(1)) { [unowned self] in sender.send([back]) }
    }

    /// Somebody answers what the platform has shown, or the platform sends it to us as news.
    func answer(_ attempt: Attempt, _ ids: [String]) {
        guard !isHealthy, let id = ids.first, let letter = ledger.letter(attempt.dispatch.envelope.id),
            letter.plan.generation == 0
        else { return }
        if answerChance.happens(0.3) {
            var reply = answer(to: attempt)
            reply.inReplyTo = id
            reply.thread = "elsewhere"
            reply.eventKey = "reply to \(id)"
            later(reply)
        }
        if answerChance.happens(0.1) {
            var echo = answer(to: attempt)
            echo.remoteID = id
            later(echo)
        }
    }

    private func answer(to attempt: Attempt) -> LetterPlan {
        var plan = LetterPlan(
            mailbox: attempt.dispatch.recipient.platform, topicClass: "chat",
            text: "\(World.bodyMarker) \(attempt.dispatch.number)")
        plan.generation = 1
        plan.origin = Confined(attempt)
        return plan
    }

    private func later(_ letter: LetterPlan) {
        timeline.after(answerChance.seconds(60...600)) { [unowned self] in sender.send([letter]) }
    }
}
