public import Messages

/// What becomes of a message: its dispatches, in the order they are to be committed in.
public struct RoutePlan: Sendable, Hashable {
    /// The dispatches: those of the envelope's own recipients first, then those of the routes in the order of the file.
    public var dispatches: [PlannedDispatch] = []
    /// Recipients that a route would have added, and that had the message already.
    public var repeated: [RepeatedRecipient] = []
    /// How many routes the message took.
    ///
    /// With routes and without dispatches it was meant to go nowhere.
    public var matchCount = 0
}

/// One recipient of a message.
public struct PlannedDispatch: Sendable, Hashable {
    /// What becomes of it.
    public enum Outcome: Sendable, Hashable {
        /// It is delivered.
        case deliver
        /// A stage ended it.
        case drop(reason: String)
        /// It waits for a person or a time, then goes on at the stage of its route with the index `next`.
        case hold(reason: String, until: Timestamp?, next: Int)
    }

    /// Where it goes.
    public var recipient: Address
    /// The message as the stages left it; `nil` when they changed nothing.
    public var envelope: Envelope?
    /// What becomes of it.
    public var outcome: Outcome
    /// The route it takes, or the rule: `envelope`, `tap`, `unrouted`.
    public var route: RouteOrigin
    /// What the stages did, and which other routes lead to the same recipient.
    public var notes: [StepNote]

    /// Creates a dispatch.
    public init(
        recipient: Address, envelope: Envelope? = nil, outcome: Outcome = .deliver, route: RouteOrigin,
        notes: [StepNote] = []
    ) {
        self.recipient = recipient
        self.envelope = envelope
        self.outcome = outcome
        self.route = route
        self.notes = notes
    }

    /// Whether a stage ended it.
    public var isDropped: Bool { if case .drop = outcome { true } else { false } }
}

/// A recipient that had the message already when a route led to it again.
public struct RepeatedRecipient: Sendable, Hashable {
    /// The recipient.
    public var recipient: Address
    /// The route that led to it again.
    public var route: RouteOrigin
    /// The route by which it gets the message.
    public var first: RouteOrigin
}
