public import Messages

/// A dispatch as the lanes hold it.
public struct SpooledDispatch: Sendable {
    /// Its number: the message's sequence number × 4,096 + its position, so that numbers order by acceptance and the
    /// dispatches of a message need no index.
    public var number: Int64
    /// The envelope as the stages left it.
    public var envelope: Envelope
    /// Where it goes, and the lane it waits in.
    public var recipient: Address
    /// It is not tried before this time.
    public var due: Timestamp
    /// When the router took it.
    public var accepted: Timestamp
    /// How many attempts have been begun.
    public var attempts: Int
    /// What goes first within a lane.
    public var priority: Priority
    /// When it is given up; `nil` for what its mailbox says.
    public var expires: Timestamp?
    /// The number of the stage that it goes on with; `nil` when no stage is left.
    public var nextStage: Int?

    /// Creates a dispatch.
    public init(
        number: Int64, envelope: Envelope, recipient: Address, due: Timestamp, accepted: Timestamp, attempts: Int,
        priority: Priority = .normal, expires: Timestamp? = nil, nextStage: Int? = nil
    ) {
        self.number = number
        self.envelope = envelope
        self.recipient = recipient
        self.due = due
        self.accepted = accepted
        self.attempts = attempts
        self.priority = priority
        self.expires = expires
        self.nextStage = nextStage
    }

    /// The key that every attempt of this dispatch carries, without a `.`, as Standard Webhooks asks of ids.
    public var idempotencyKey: String { "\(envelope.id)-\(number)" }
}

/// The state of a dispatch.
public enum DispatchState: String, Sendable, CaseIterable {
    /// It waits for its turn or its time.
    case waiting
    /// An attempt is under way.
    case trying
    /// It waits for a person.
    case held
    /// The platform has it.
    case delivered
    /// It failed for good; it stays until someone retries or drops it.
    case dead
    /// A stage or a person ended it.
    case dropped

    /// Tells whether nothing more happens by itself.
    public var isSettled: Bool {
        switch self {
        case .waiting, .trying, .held: false
        case .delivered, .dead, .dropped: true
        }
    }
}

/// An attempt that is about to be made.
public struct AttemptStart: Sendable {
    /// The dispatch.
    public var number: Int64
    /// 1 for the first attempt.
    public var attempt: Int
    /// When it starts.
    public var started: Timestamp

    /// Creates a start.
    public init(number: Int64, attempt: Int, started: Timestamp) {
        self.number = number
        self.attempt = attempt
        self.started = started
    }
}

/// How an attempt ended.
public struct Settlement: Sendable {
    /// What it means for the dispatch.
    public enum Outcome: Sendable {
        /// The platform has it, under these ids.
        case delivered(remoteIDs: [String], detail: String?)
        /// It is tried again at `due`.
        case deferred(reason: String, due: Timestamp)
        /// The platform may have it; it is tried again at `due` with the same idempotency key.
        case unknown(reason: String, due: Timestamp)
        /// It failed for good; the bounce goes to its sender.
        case dead(reason: String, bounce: SpoolEntry?)
    }

    /// The dispatch.
    public var number: Int64
    /// The attempt.
    public var attempt: Int
    /// When it started.
    public var started: Timestamp
    /// When it ended.
    public var finished: Timestamp
    /// How.
    public var outcome: Outcome

    /// Creates a settlement.
    public init(number: Int64, attempt: Int, started: Timestamp, finished: Timestamp, outcome: Outcome) {
        self.number = number
        self.attempt = attempt
        self.started = started
        self.finished = finished
        self.outcome = outcome
    }
}

/// What ``MessageSpool/load(lane:dueBy:limit:)`` found.
public struct LaneLoad: Sendable {
    /// The dispatches, in the order they were accepted in.
    public var dispatches: [SpooledDispatch]
    /// Whether the lane has more unsettled dispatches than these and those being tried: due, not due yet, or held.
    public var hasMore: Bool
    /// The earliest due time after the one asked for, among the waiting ones; `nil` when there is none.
    public var nextDue: Timestamp?

    /// Creates a result.
    public init(dispatches: [SpooledDispatch], hasMore: Bool, nextDue: Timestamp?) {
        self.dispatches = dispatches
        self.hasMore = hasMore
        self.nextDue = nextDue
    }
}

/// A lane with unsettled dispatches.
public struct LaneSummary: Sendable, Hashable {
    /// The recipient.
    public var recipient: Address
    /// When the first that is not held is due; `nil` when all are held.
    public var nextDue: Timestamp?
    /// How many dispatches wait, are tried or are held.
    public var count: Int

    /// Creates a summary.
    public init(recipient: Address, nextDue: Timestamp?, count: Int) {
        self.recipient = recipient
        self.nextDue = nextDue
        self.count = count
    }
}
