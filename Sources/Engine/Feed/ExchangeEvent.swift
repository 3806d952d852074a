public import Messages
public import Spooling

/// Something that happened to a message, for people who watch.
public struct ExchangeEvent: Sendable, Hashable {
    /// The message that something happened to.
    public struct Subject: Sendable, Hashable {
        /// Its id.
        public let message: MessageID
        /// Whom it is from; nil where only the id is at hand.
        public let from: Address?
        /// What it is about; nil where only the id is at hand.
        public let topic: Topic?
        /// Its subject.
        public let subject: String?

        /// A message of which no more than the id is at hand.
        public init(_ message: MessageID) {
            self.message = message
            from = nil
            topic = nil
            subject = nil
        }

        /// The message of an envelope.
        public init(_ envelope: Envelope) {
            message = envelope.id
            from = envelope.from
            topic = envelope.topic
            subject = envelope.subject
        }

        /// The message of a dispatch.
        public init(_ dispatch: DispatchSummary) {
            message = dispatch.message
            from = dispatch.from
            topic = dispatch.topic
            subject = dispatch.subject
        }
    }

    /// The dispatch that something happened to.
    public struct Target: Sendable, Hashable {
        /// Its number.
        public let dispatch: Int64
        /// Where it goes.
        public let recipient: Address
        /// The attempts that have been begun.
        public let attempt: Int
    }

    /// What happened.
    public enum Fact: Sendable, Hashable {
        /// The message was taken, and these dispatches came of it.
        case accepted(recipients: [Address])
        /// A recipient has it; with the platform's answer.
        case delivered(Target, detail: String?)
        /// An attempt failed; the next one is due then.
        case deferred(Target, reason: String, due: Timestamp)
        /// An attempt ended without an answer; the next one is due then.
        case unknown(Target, reason: String, due: Timestamp)
        /// A dispatch is given up.
        case dead(Target, reason: String)
        /// A stage, or an attempt that ended without an answer, holds it for a person.
        case held(Target, reason: String)
        /// A stage ended it.
        case dropped(Target, reason: String)
        /// An operator did something to it: retry, drop, hold, release.
        case operated(Target, action: String, by: String)
    }

    /// Counts the events of a run of the router, from 1.
    public let number: Int64
    /// When it was noticed.
    public let time: Timestamp
    /// The message.
    public let subject: Subject
    /// What happened.
    public let fact: Fact
}

extension ExchangeEvent.Fact {
    /// The dispatch it happened to; nil for a message as a whole.
    public var target: ExchangeEvent.Target? {
        switch self {
        case .accepted: nil
        case .delivered(let target, _), .deferred(let target, _, _), .unknown(let target, _, _), .dead(let target, _),
            .held(let target, _), .dropped(let target, _), .operated(let target, _, _):
            target
        }
    }

    /// Why, where there is a reason.
    public var reason: String? {
        switch self {
        case .accepted, .operated: nil
        case .delivered(_, let detail): detail
        case .deferred(_, let reason, _), .unknown(_, let reason, _), .dead(_, let reason), .held(_, let reason),
            .dropped(_, let reason):
            reason
        }
    }
}
