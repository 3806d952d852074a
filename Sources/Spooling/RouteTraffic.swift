public import Messages

/// How many messages went from a mailbox by a route to a recipient, and what became of them.
public struct RouteTraffic: Sendable, Hashable {
    /// The mailbox that they came in by.
    public var source: String
    /// The route that they took.
    public var route: RouteOrigin
    /// Where they went.
    public var recipient: String
    /// How many dispatches are in each state; states without any are left out.
    public var counts: [DispatchState: Int]

    /// Creates a row.
    public init(source: String, route: RouteOrigin, recipient: String, counts: [DispatchState: Int]) {
        self.source = source
        self.route = route
        self.recipient = recipient
        self.counts = counts
    }
}

/// The traffic of a time.
public struct TrafficReport: Sendable {
    /// A row for each mailbox, route and recipient with any traffic, the busiest first; at most ``maximumRows``.
    public var rows: [RouteTraffic]
    /// Whether everything since then was counted, and every row is there.
    public var isComplete: Bool

    /// The most rows of a report.
    public static let maximumRows = 10_000
    /// The most messages that are counted, the latest ones.
    public static let maximumMessages = 1_000_000

    /// Creates a report.
    public init(rows: [RouteTraffic], isComplete: Bool) {
        self.rows = rows
        self.isComplete = isComplete
    }
}
