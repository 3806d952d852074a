public import Messages

/// The number that the spool has given a lane: a recipient's for as long as the spool exists.
public struct LaneID: Sendable, Hashable, Comparable {
    /// The number, from 1.
    public let rawValue: Int64

    /// Before the first lane.
    public static let none = LaneID(0)

    /// Creates an id.
    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Tells whether the first lane is older than the second.
    public static func < (left: LaneID, right: LaneID) -> Bool { left.rawValue < right.rawValue }
}

/// A lane with unsettled dispatches.
public struct LaneSummary: Sendable, Hashable {
    /// Its id.
    public var id: LaneID
    /// The recipient.
    public var recipient: Address
    /// Whether something may go, as far as times are concerned.
    public var isReady: Bool
    /// When the first of those that wait for their time is due; `nil` when there are none.
    public var nextDue: Timestamp?

    /// Creates a summary.
    public init(id: LaneID, recipient: Address, isReady: Bool, nextDue: Timestamp?) {
        self.id = id
        self.recipient = recipient
        self.isReady = isReady
        self.nextDue = nextDue
    }
}

/// What ``MessageSpool/load(_:dueBy:limit:)`` found in a lane.
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

/// What ``MessageSpool/expired(by:limit:)`` found.
public struct ExpiredDispatches: Sendable {
    /// Those whose time is over, the first to expire first.
    public var dispatches: [SpooledDispatch]
    /// When the next one expires; `nil` when none does, or more than were asked for have expired.
    public var next: Timestamp?
    /// Whether more have expired than were asked for.
    public var hasMore: Bool

    /// Creates a result.
    public init(dispatches: [SpooledDispatch], next: Timestamp?, hasMore: Bool) {
        self.dispatches = dispatches
        self.next = next
        self.hasMore = hasMore
    }
}
