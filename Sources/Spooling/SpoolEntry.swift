public import Messages

/// A message on its way into the spool.
public struct SpoolEntry: Sendable {
    /// The envelope as it was accepted.
    public var envelope: Envelope
    /// When the router took it.
    public var accepted: Timestamp
    /// Where it goes; at most ``maximumDispatches``.
    public var dispatches: [DispatchDraft]
    /// What it is known by to come only once.
    public var dedupe: DedupeKey?
    /// The platform's own id of the message, so that answers to it find it.
    public var remoteID: String?
    /// Who handed it in, as the trace tells it.
    public var client: String?

    /// The most dispatches of one message.
    public static let maximumDispatches = 4_096

    /// Creates an entry.
    public init(
        envelope: Envelope, accepted: Timestamp, dispatches: [DispatchDraft], dedupe: DedupeKey? = nil,
        remoteID: String? = nil, client: String? = nil
    ) {
        self.client = client
        self.envelope = envelope
        self.accepted = accepted
        self.dispatches = dispatches
        self.dedupe = dedupe
        self.remoteID = remoteID
    }
}

/// What makes a message known: the mailbox and the platform's event id.
public struct DedupeKey: Sendable, Hashable {
    /// The mailbox it came in by, or another name for a scope of its own.
    public var scope: String
    /// The platform's event id, at most 512 bytes.
    public var key: String
    /// A digest of the content, to tell a repetition from another message under the same key.
    public var fingerprint: [UInt8]?
    /// When the key may be forgotten.
    public var expires: Timestamp

    /// Creates a key.
    public init(scope: String, key: String, fingerprint: [UInt8]? = nil, expires: Timestamp) {
        self.scope = scope
        self.key = key
        self.fingerprint = fingerprint
        self.expires = expires
    }
}

/// One recipient of a message on its way into the spool.
public struct DispatchDraft: Sendable {
    /// Where it goes; the lane is the same.
    public var recipient: Address
    /// The envelope as the stages left it; `nil` when they changed nothing.
    public var envelope: Envelope?
    /// ``DispatchState/waiting``, ``DispatchState/held`` or, when a stage ended it, ``DispatchState/dropped``.
    public var state: DispatchState
    /// Why it is held or dropped.
    public var reason: String?
    /// It is not tried before this time.
    public var due: Timestamp
    /// The route it takes.
    public var route: RouteOrigin
    /// What the stages did, for the trace.
    public var steps: [StepNote]
    /// What goes first within a lane; `nil` for the envelope's.
    public var priority: Priority?
    /// When it is given up; `nil` for what the envelope says and, where that is silent, its mailbox.
    public var expires: Timestamp?
    /// The number of the stage that a held dispatch goes on with; `nil` when no stage is left.
    public var nextStage: Int?

    /// Creates a draft.
    public init(
        recipient: Address, envelope: Envelope? = nil, state: DispatchState = .waiting, reason: String? = nil,
        due: Timestamp, route: RouteOrigin, steps: [StepNote] = [], priority: Priority? = nil,
        expires: Timestamp? = nil, nextStage: Int? = nil
    ) {
        self.recipient = recipient
        self.envelope = envelope
        self.state = state
        self.reason = reason
        self.due = due
        self.route = route
        self.steps = steps
        self.priority = priority
        self.expires = expires
        self.nextStage = nextStage
    }
}

/// What became of an entry.
public enum SpoolAcceptance: Sendable, Hashable {
    /// It is durable; the dispatches have these numbers, in the order of the drafts.
    case accepted(numbers: [Int64])
    /// The dedupe key is known: this message came first, with the same fingerprint or another.
    case duplicate(of: MessageID, hasSameFingerprint: Bool)
}
