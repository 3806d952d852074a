public import Clocks
public import Logging
public import Messages
public import Transport

/// What an adapter is given to work with: everything beyond its own code comes from here.
public struct AdapterContext: Sendable {
    /// The name of the mailbox in routes.yaml.
    public let mailbox: String
    /// The name of the router.
    public let router: String
    /// The time, and waiting.
    public let clock: any WallClock
    /// Where events go; every event names the mailbox.
    public let logger: Logger
    /// The HTTP and mail client.
    public let client: HTTPClient
    /// The event loops, for adapters that listen themselves.
    public let loops: EventLoopGroup
    /// What the mailbox remembers over restarts.
    public let state: any StateStore
    /// Where large parts lie.
    public let blobs: any BlobStore
    /// How a message comes into the router.
    public let acceptor: any MessageAcceptor
    /// How programs take messages out of the router.
    public let lender: any DispatchLender
    /// Where the mailbox says how it is.
    public let health: HealthReport
    private let identifiers: MessageIDSource

    /// Creates a context.
    public init(
        mailbox: String, router: String, clock: any WallClock, logger: Logger, client: HTTPClient,
        loops: EventLoopGroup, state: any StateStore, blobs: any BlobStore, acceptor: any MessageAcceptor,
        lender: any DispatchLender, health: HealthReport, identifiers: MessageIDSource
    ) {
        self.mailbox = mailbox
        self.router = router
        self.clock = clock
        self.logger = logger
        self.client = client
        self.loops = loops
        self.state = state
        self.blobs = blobs
        self.acceptor = acceptor
        self.lender = lender
        self.health = health
        self.identifiers = identifiers
    }

    /// Accepts a message; see ``MessageAcceptor/accept(_:)``.
    public func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        try await acceptor.accept(arrival)
    }

    /// A new id for a message.
    public func makeMessageID() -> MessageID {
        identifiers.next()
    }

    /// A duration from half to one and a half of this one, for pauses that many are told or make at once.
    public func spread(_ duration: Duration) -> Duration {
        identifiers.spread(duration)
    }

    /// An address of this mailbox.
    ///
    /// - Throws: `MessageError` when the platform's id is none that an address can have.
    public func address(_ user: String) throws(MessageError) -> Address {
        try Address(platform: mailbox, user: user)
    }
}
