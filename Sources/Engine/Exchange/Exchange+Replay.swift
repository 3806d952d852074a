public import AdapterKit
import Clocks
public import Messages
public import Spooling
import Synchronization

/// What became of a message that was sent through the table once more, or what would.
public struct ReplayedMessage: Sendable {
    /// What became of it.
    public enum Outcome: Sendable {
        /// These are its recipients; nothing was kept.
        case planned([DispatchDraft])
        /// It was accepted as a new message.
        case accepted(Acceptance)
        /// It was not, and never will be.
        case refused(reason: String)
    }

    /// The message that was replayed, as it had been accepted.
    public var original: Envelope
    /// What became of it.
    public var outcome: Outcome
}

extension Exchange {
    /// Sends a message that the spool keeps through today's table, as a new message that came of the old one.
    ///
    /// Sender, content, thread and named recipients are those of the old message. Its times, its idempotency key and its
    /// last hop, which was this router's own, are not: the new one is delivered although the old one was, or has expired.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - by: who wants it, for the trace.
    ///   - isDryRun: whether its recipients are only told.
    /// - Returns: what became of it.
    /// - Throws: ``AcceptError`` when nothing was kept for now; what is refused for good is an outcome.
    public nonisolated func replay(
        _ message: KeptMessage, by: String, isDryRun: Bool
    ) async throws(AcceptError) -> ReplayedMessage {
        do throws(AcceptError) {
            guard message.envelope.kind != .bounce else { throw .refused(reason: "a bounce is not replayed") }
            let arrival = Arrival(envelope: try await repetition(of: message.envelope), client: "replay by \(by)")
            guard !isDryRun else {
                let state = routing.withLock { $0 }
                let entry = try Admission(state: state, now: clock.now).entry(for: arrival, answering: nil)
                return ReplayedMessage(original: message.envelope, outcome: .planned(entry.dispatches))
            }
            return ReplayedMessage(original: message.envelope, outcome: .accepted(try await accept(arrival)))
        } catch .refused(let reason) {
            return ReplayedMessage(original: message.envelope, outcome: .refused(reason: reason))
        }
    }

    private nonisolated func repetition(of original: Envelope) async throws(AcceptError) -> Envelope {
        var envelope = original
        envelope.id = identifiers.next()
        envelope.parent = original.id
        envelope.root = original.root ?? original.id
        envelope.depth = original.depth + 1
        envelope.notBefore = nil
        envelope.expires = nil
        envelope.idempotencyKey = nil
        if !envelope.received.isEmpty { envelope.received.removeLast() }
        if let answered = try await senderAnswered(by: original), !envelope.to.contains(answered) {
            envelope.to.append(answered)
        }
        return envelope
    }

    /// Whom the message answers: no route says so, and the platform's id that did is no longer in the envelope.
    private nonisolated func senderAnswered(by original: Envelope) async throws(AcceptError) -> Address? {
        guard let answered = original.inReplyTo.flatMap({ try? MessageID(parsing: $0) }) else { return nil }
        do throws(SpoolError) {
            guard let trace = try await spool.trace(of: answered) else { return nil }
            return trace.envelope.replyTo ?? trace.envelope.from
        } catch {
            throw error.acceptError
        }
    }
}
