public import Messages

/// A dispatch as the lanes hold it.
public struct SpooledDispatch: Sendable {
    /// Its number: the message's sequence number × 4,096 + its position, so that numbers order by acceptance and the
    /// dispatches of a message need no index.
    public var number: Int64
    /// The envelope as the stages left it.
    public var envelope: Envelope
    /// Where it goes.
    public var recipient: Address
    /// The lane it waits in: its recipient's.
    public var lane: LaneID
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
    /// When a person had it tried anew; `nil` when nobody did.
    public var retried: Timestamp?
    /// Whether it is held: it does not go, and others of its thread wait behind it.
    public var isHeld: Bool

    /// Creates a dispatch.
    public init(
        number: Int64, envelope: Envelope, recipient: Address, lane: LaneID, due: Timestamp, accepted: Timestamp,
        attempts: Int, priority: Priority = .normal, expires: Timestamp? = nil, nextStage: Int? = nil,
        retried: Timestamp? = nil, isHeld: Bool = false
    ) {
        self.number = number
        self.envelope = envelope
        self.recipient = recipient
        self.lane = lane
        self.due = due
        self.accepted = accepted
        self.attempts = attempts
        self.priority = priority
        self.expires = expires
        self.nextStage = nextStage
        self.retried = retried
        self.isHeld = isHeld
    }

    /// When the time began that it is tried for.
    public var since: Timestamp { retried ?? accepted }

    /// The key that every attempt of this dispatch carries, without a `.`, as Standard Webhooks asks of ids.
    public var idempotencyKey: String { "\(envelope.id)-\(number)" }

    /// The sequence number of the message that a dispatch's number belongs to.
    public static func sequence(ofNumber number: Int64) -> Int64 { DispatchNumber.sequence(of: number) }
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
        /// The platform refused it and is asked again at `due`.
        case rejected(reason: String, due: Timestamp)
        /// The platform may have it, and a person decides whether it is tried again.
        case held(reason: String)
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
    /// How the attempt itself ended, for a dispatch that is dead although it was not rejected; `nil` for what the
    /// outcome says.
    public var attemptOutcome: AttemptTrace.Outcome?

    /// Creates a settlement.
    public init(
        number: Int64, attempt: Int, started: Timestamp, finished: Timestamp, outcome: Outcome,
        attemptOutcome: AttemptTrace.Outcome? = nil
    ) {
        self.attemptOutcome = attemptOutcome
        self.number = number
        self.attempt = attempt
        self.started = started
        self.finished = finished
        self.outcome = outcome
    }
}
