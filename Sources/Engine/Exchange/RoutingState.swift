public import Messages
public import Routing

/// What accepting a message needs to know: swapped in whole on a reload, read without waiting.
public struct RoutingState: Sendable {
    /// The routing table.
    public var table: RouteTable
    /// The router's name in traces.
    public var router: String
    /// Where bounces go that nobody else takes.
    public var postmaster: Address
    /// The mailboxes, and whether each can send.
    public var mailboxes: [String: Bool]
    /// The largest message, in bytes over all its parts.
    public var messageLimit: Int
    /// The most routers a message passes.
    public var hopLimit: Int
    /// The most generations of a chain.
    public var depthLimit: Int
    /// How long event ids are remembered.
    public var dedupeMemory: Duration

    /// Creates a state.
    public init(
        table: RouteTable, router: String, postmaster: Address, mailboxes: [String: Bool],
        messageLimit: Int = 25 << 20, hopLimit: Int = 16, depthLimit: Int = 8,
        dedupeMemory: Duration = .seconds(90 * 86_400)
    ) {
        self.table = table
        self.router = router
        self.postmaster = postmaster
        self.mailboxes = mailboxes
        self.messageLimit = messageLimit
        self.hopLimit = hopLimit
        self.depthLimit = depthLimit
        self.dedupeMemory = dedupeMemory
    }

    /// Tells whether this router can deliver to the address.
    func canDeliver(to address: Address) -> Bool {
        address.peers.isEmpty && mailboxes[address.platform] == true
    }
}
