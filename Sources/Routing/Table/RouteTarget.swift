public import Messages
public import Stages

/// Where a route leads: one entry of its `to`.
public enum RouteTarget: Sendable, Hashable {
    /// To an address.
    case address(Address)
    /// To the address that a template makes of the message, as in `work:{{meta.channel}}`.
    case template(Template, text: String)
    /// Back to the sender, in its thread.
    case reply
    /// To the members of a list.
    case list(String)
    /// To all who have subscribed to the topic.
    case subscribers
    /// To one of several, so often each as its weight says.
    case split([SplitShare])
}

/// One way of a split.
public struct SplitShare: Sendable, Hashable {
    /// Where it leads.
    public var address: Address
    /// How many of all weights it gets, at least 1.
    public var weight: Int

    /// Creates a share.
    public init(address: Address, weight: Int) {
        self.address = address
        self.weight = weight
    }
}

extension RouteTarget {
    /// The platform that stands before the name of a list, as a mailbox does before a user.
    public static let listPlatform = "list"

    /// The addresses that the file names; none where only a message tells.
    public var addresses: [Address] {
        switch self {
        case .address(let address): [address]
        case .split(let shares): shares.map(\.address)
        case .template, .reply, .list, .subscribers: []
        }
    }
}

extension RouteTarget: CustomStringConvertible {
    /// The target as the file writes it.
    public var description: String {
        switch self {
        case .address(let address): address.description
        case .template(_, let text): text
        case .reply: "reply"
        case .list(let name): "\(Self.listPlatform):\(name)"
        case .subscribers: "subscribers"
        case .split(let shares): "split: " + shares.map { "\($0.address) \($0.weight)" }.joined(separator: ", ")
        }
    }
}
