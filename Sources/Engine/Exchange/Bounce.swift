import Messages
import Spooling

/// Makes the message that tells a sender that a dispatch failed for good.
struct Bounce {
    let state: RoutingState
    let now: Timestamp

    /// The bounce for this dispatch; `nil` when there must be none: for a bounce or other automatic mail (I6).
    func entry(for failed: SpooledDispatch, attempts: Int, reason: String, id: MessageID) -> SpoolEntry? {
        let original = failed.envelope
        guard !original.isAutomatic, let sender = try? Address(platform: "local", user: "mailer-daemon"),
            let topic = try? Topic(source: "local", class: "bounce")
        else { return nil }
        var bounce = Envelope(
            id: id, time: now, from: sender, topic: topic, kind: .bounce,
            subject: "Undelivered: \(original.subject ?? "your message to \(failed.recipient)")",
            parts: [.text(text(failed, attempts, reason)), facts(failed, attempts, reason)])
        bounce.sender = Sender(name: "Postroad", isAuthenticated: true, isAutomatic: true)
        bounce.thread = original.thread
        bounce.inReplyTo = original.id.description
        bounce.parent = original.id
        bounce.root = original.root ?? original.id
        bounce.depth = original.depth + 1
        bounce.received = [Hop(router: state.router, time: now, by: topic.source)]
        let recipient = [original.replyTo, original.from].compactMap { $0 }.first(where: state.canDeliver)
        let draft = DispatchDraft(
            recipient: recipient ?? state.postmaster, due: now, route: RouteOrigin(name: "bounce"))
        return SpoolEntry(envelope: bounce, accepted: now, dispatches: [draft])
    }

    private func text(_ failed: SpooledDispatch, _ attempts: Int, _ reason: String) -> String {
        """
        Your message to \(failed.recipient) could not be delivered.

        Reason:   \(reason)
        Message:  \(failed.envelope.id)
        Accepted: \(failed.accepted)
        Attempts: \(attempts)

        It is kept as a dead letter by \(state.router); its operator can see why with
        `postroad trace \(failed.envelope.id)`.
        """
    }

    private func facts(_ failed: SpooledDispatch, _ attempts: Int, _ reason: String) -> Part {
        let facts: JSON = [
            "message": .string(failed.envelope.id.description), "recipient": .string(failed.recipient.description),
            "reason": .string(reason), "attempts": .integer(Int64(attempts)), "router": .string(state.router),
        ]
        return Part(type: .data, mediaType: "application/json", name: "bounce.json", content: .value(facts))
    }
}
