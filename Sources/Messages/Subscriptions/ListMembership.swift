/// What was decided at run time about an address and a list.
///
/// A list of routes.yaml stays as the file has it, and these decisions are laid over it.
public struct ListMembership: Sendable, Hashable {
    /// What an address is to a list.
    public enum Role: String, Sendable, CaseIterable {
        /// It gets what is written to the list.
        case member
        /// It is a member, and decides about the list.
        case owner
        /// It has left, and is no member even if the file says so.
        case left
    }

    /// The list's name.
    public var list: String
    /// The address.
    public var address: Address
    /// What it is.
    public var role: Role
    /// Whether it may not write to the list.
    public var isMuted: Bool
    /// Since when.
    public var since: Timestamp
    /// Who decided: `operator`, or the address of a user.
    public var decider: String

    /// Creates a membership.
    public init(
        list: String, address: Address, role: Role = .member, isMuted: Bool = false, since: Timestamp, decider: String
    ) {
        self.list = list
        self.address = address
        self.role = role
        self.isMuted = isMuted
        self.since = since
        self.decider = decider
    }
}

/// A list that was made at run time.
public struct ListRecord: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Who may write, in the words of routes.yaml.
    public var posting: String
    /// Who may join, in the words of routes.yaml.
    public var joining: String
    /// When it was made.
    public var created: Timestamp

    /// Creates a record.
    public init(name: String, posting: String, joining: String, created: Timestamp) {
        self.name = name
        self.posting = posting
        self.joining = joining
        self.created = created
    }
}
