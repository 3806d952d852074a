public import Messages

/// Everything the spool knows of a message.
public struct MessageTrace: Sendable {
    /// The envelope as it was accepted.
    public var envelope: Envelope
    /// When the router took it.
    public var accepted: Timestamp
    /// Who handed it in: a token's name, a user, the address of a connection; `nil` when its adapter does not say.
    public var client: String?
    /// Its dispatches, in the order the table gave them.
    public var dispatches: [DispatchTrace]
    /// The messages that came of it, bounces among them; at most ``maximumChildren``, the first ones.
    public var children: [ChildTrace]

    /// The most children that a trace names.
    public static let maximumChildren = 1_000

    /// Creates a trace.
    public init(
        envelope: Envelope, accepted: Timestamp, client: String?, dispatches: [DispatchTrace], children: [ChildTrace]
    ) {
        self.envelope = envelope
        self.accepted = accepted
        self.client = client
        self.dispatches = dispatches
        self.children = children
    }
}

/// A message that came of another.
public struct ChildTrace: Sendable, Hashable {
    /// Its id.
    public var message: MessageID
    /// What it is about; that of a bounce ends in `:bounce`.
    public var topic: String
    /// When the router took it.
    public var accepted: Timestamp

    /// Creates a child.
    public init(message: MessageID, topic: String, accepted: Timestamp) {
        self.message = message
        self.topic = topic
        self.accepted = accepted
    }
}

/// Everything the spool knows of a dispatch.
public struct DispatchTrace: Sendable {
    /// What a listing shows.
    public var summary: DispatchSummary
    /// The envelope as the stages left it; `nil` when they changed nothing.
    public var envelope: Envelope?
    /// What the stages did.
    public var steps: [StepNote]
    /// The attempts, the first one first.
    public var attempts: [AttemptTrace]
    /// The platform's ids of the delivered message.
    public var remoteIDs: [String]

    /// Creates a trace.
    public init(
        summary: DispatchSummary, envelope: Envelope?, steps: [StepNote], attempts: [AttemptTrace], remoteIDs: [String]
    ) {
        self.summary = summary
        self.envelope = envelope
        self.steps = steps
        self.attempts = attempts
        self.remoteIDs = remoteIDs
    }
}

/// One attempt to deliver.
public struct AttemptTrace: Sendable, Hashable {
    /// How it ended.
    public enum Outcome: String, Sendable, CaseIterable {
        /// The platform has the message.
        case delivered
        /// The platform could not take it.
        case deferred
        /// The platform may have it.
        case unknown
        /// The platform will never take it.
        case rejected
        /// It is under way.
        case unfinished
    }

    /// 1 for the first.
    public var attempt: Int
    /// When it started.
    public var started: Timestamp
    /// When it ended.
    public var finished: Timestamp?
    /// How it ended.
    public var outcome: Outcome
    /// The platform's answer, or what went wrong.
    public var detail: String?

    /// Creates a trace.
    public init(attempt: Int, started: Timestamp, finished: Timestamp?, outcome: Outcome, detail: String?) {
        self.attempt = attempt
        self.started = started
        self.finished = finished
        self.outcome = outcome
        self.detail = detail
    }
}

/// A dispatch as a listing shows it.
public struct DispatchSummary: Sendable, Hashable {
    /// Its number.
    public var number: Int64
    /// The message.
    public var message: MessageID
    /// What the message is about.
    public var topic: Topic
    /// Who sent it.
    public var from: Address
    /// Where it goes.
    public var recipient: Address
    /// The message's subject.
    public var subject: String?
    /// Its state.
    public var state: DispatchState
    /// Why it is in that state: the last error, who held it, which stage dropped it.
    public var reason: String?
    /// How many attempts have been begun.
    public var attempts: Int
    /// When the router took it.
    public var accepted: Timestamp
    /// When it is tried next.
    public var due: Timestamp
    /// When it was settled.
    public var settled: Timestamp?
    /// The route it takes.
    public var route: RouteOrigin
    /// How the last attempt ended; `nil` before the first.
    public var lastOutcome: AttemptTrace.Outcome?
    /// The stage that it goes on with when it is released or due; `nil` when no stage is left.
    public var nextStage: Int?
    /// The dispatch of the same message in whose place it goes to another address.
    public var reroutedFrom: Int64?

    /// Creates a summary.
    public init(
        number: Int64, message: MessageID, topic: Topic, from: Address, recipient: Address, subject: String?,
        state: DispatchState, reason: String?, attempts: Int, accepted: Timestamp, due: Timestamp, settled: Timestamp?,
        route: RouteOrigin, lastOutcome: AttemptTrace.Outcome? = nil, nextStage: Int? = nil, reroutedFrom: Int64? = nil
    ) {
        self.lastOutcome = lastOutcome
        self.nextStage = nextStage
        self.reroutedFrom = reroutedFrom
        self.number = number
        self.message = message
        self.topic = topic
        self.from = from
        self.recipient = recipient
        self.subject = subject
        self.state = state
        self.reason = reason
        self.attempts = attempts
        self.accepted = accepted
        self.due = due
        self.settled = settled
        self.route = route
    }
}

/// An id that a platform gave a message.
public struct RemoteID: Sendable, Hashable {
    /// The mailbox of the platform.
    public var mailbox: String
    /// The platform's id.
    public var id: String
    /// Whom the message came from or went to there.
    public var address: Address

    /// Creates an id.
    public init(mailbox: String, id: String, address: Address) {
        self.mailbox = mailbox
        self.id = id
        self.address = address
    }
}

/// What a platform's id stands for.
public struct RemoteOrigin: Sendable, Hashable {
    /// The message.
    public var message: MessageID
    /// Whom it came from.
    public var from: Address
    /// Where its answers go, when not to `from`.
    public var replyTo: Address?
    /// Its thread.
    public var thread: String?
    /// Whether this router delivered it there; otherwise it came from there.
    public var wasDelivered: Bool

    /// Creates an origin.
    public init(message: MessageID, from: Address, replyTo: Address?, thread: String?, wasDelivered: Bool) {
        self.message = message
        self.from = from
        self.replyTo = replyTo
        self.thread = thread
        self.wasDelivered = wasDelivered
    }
}

/// A row that could not be read.
public struct DamagedRow: Sendable, Hashable {
    /// The table and the row.
    public var place: String
    /// Why.
    public var reason: String
    /// When it was found.
    public var found: Timestamp

    /// Creates a row.
    public init(place: String, reason: String, found: Timestamp) {
        self.place = place
        self.reason = reason
        self.found = found
    }
}

/// A value that a mailbox stores.
public struct StateEntry: Sendable, Hashable {
    /// The key, 1 to 512 bytes.
    public var key: String
    /// The value; `nil` removes the key.
    public var value: [UInt8]?

    /// Creates an entry.
    public init(key: String, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}
