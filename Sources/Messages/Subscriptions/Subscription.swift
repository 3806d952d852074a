/// A route of one topic pattern to one address, made at run time and kept in the spool's database.
public struct Subscription: Sendable, Hashable {
    /// Its number in the database; it is never used again.
    public var id: Int64
    /// The topics it is for.
    public var pattern: TopicPattern
    /// Where their messages go.
    public var address: Address
    /// When it was made.
    public var created: Timestamp
    /// Who made it: `operator`, or the address of a user.
    public var creator: String

    /// Creates a subscription.
    public init(id: Int64, pattern: TopicPattern, address: Address, created: Timestamp, creator: String) {
        self.id = id
        self.pattern = pattern
        self.address = address
        self.created = created
        self.creator = creator
    }
}
