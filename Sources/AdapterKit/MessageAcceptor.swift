public import Messages

/// The way into the router.
public protocol MessageAcceptor: Sendable {
    /// Takes a message: routes it, runs its first stages and makes it durable. When this returns, the router owns the
    /// message, and the platform may be told so.
    ///
    /// - Throws: ``AcceptError`` when nothing was kept.
    func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance

    /// Takes several messages, all of them or none, in their order.
    ///
    /// - Throws: ``AcceptError`` when nothing was kept.
    func accept(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance]
}

/// A message that a platform handed to an adapter.
public struct Arrival: Sendable {
    /// The message; the router fills in `root`, `depth` and `received`.
    public var envelope: Envelope
    /// The platform's id of the event: the same event never comes in twice by one mailbox.
    public var eventKey: String?
    /// A digest of the content, to tell a repetition from another message under the same key.
    public var fingerprint: [UInt8]?
    /// The platform's id of the message, so that answers to it find it.
    public var remoteID: String?
    /// Who handed it in, for the trace: the token's name, the user, the address of the connection; never a secret.
    public var client: String?

    /// Creates an arrival.
    public init(
        envelope: Envelope, eventKey: String? = nil, fingerprint: [UInt8]? = nil, remoteID: String? = nil,
        client: String? = nil
    ) {
        self.client = client
        self.envelope = envelope
        self.eventKey = eventKey
        self.fingerprint = fingerprint
        self.remoteID = remoteID
    }
}

/// What became of an arrival.
public struct Acceptance: Sendable, Hashable {
    /// One recipient.
    public struct Recipient: Sendable, Hashable {
        /// The number of the dispatch.
        public var dispatch: Int64
        /// Where it goes.
        public var address: Address
        /// The route it takes.
        public var route: String

        /// Creates a recipient.
        public init(dispatch: Int64, address: Address, route: String) {
            self.dispatch = dispatch
            self.address = address
            self.route = route
        }
    }

    /// The id of the message; of the first one when this is a repetition.
    public var id: MessageID
    /// Where it goes.
    public var recipients: [Recipient]
    /// Whether the event had come in before.
    public var isDuplicate: Bool
    /// For a duplicate: whether its fingerprint was the same.
    public var hasSameFingerprint: Bool

    /// Creates an acceptance.
    public init(id: MessageID, recipients: [Recipient], isDuplicate: Bool = false, hasSameFingerprint: Bool = true) {
        self.id = id
        self.recipients = recipients
        self.isDuplicate = isDuplicate
        self.hasSameFingerprint = hasSameFingerprint
    }
}

/// Why the router did not take a message.
public enum AcceptError: Error, Sendable, Hashable {
    /// It will never take this one: a loop, a blocked sender, a limit. Tell the sender.
    case refused(reason: String)
    /// It takes none for now: HTTP 429, SMTP 452.
    case busy(retryAfter: Duration)
    /// It has no room: HTTP 507, SMTP 452.
    case full(reason: String)
    /// It is stopping, or its disk failed: HTTP 503, SMTP 421.
    case unavailable(reason: String)
}

extension AcceptError: CustomStringConvertible {
    /// What happened, fit to be told to the sender.
    public var description: String {
        switch self {
        case .refused(let reason), .full(let reason), .unavailable(let reason): reason
        case .busy(let retryAfter): "the router is busy; try again in \(max(1, retryAfter.components.seconds)) s"
        }
    }
}
