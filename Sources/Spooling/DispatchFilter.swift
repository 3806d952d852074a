public import Messages

/// Which dispatches a listing or an action means; all conditions must hold.
///
/// Its text is the same in the command line, the API and the web: words parted by spaces, as in
/// `state=dead to=hook:* topic=news:** error~timeout age>1h attempts>=3`. A value with spaces stands in double quotes.
public struct DispatchFilter: Sendable, Hashable {
    /// The states; empty for all.
    public var states: Set<DispatchState> = []
    /// The numbers of dispatches; empty for all.
    public var numbers: Set<Int64> = []
    /// The messages; empty for all.
    public var messages: Set<MessageID> = []
    /// A glob (`*`, `?`) for the recipient.
    public var recipient: String?
    /// A glob for the sender.
    public var from: String?
    /// A pattern for the topic.
    public var topic: TopicPattern?
    /// The route's name.
    public var route: String?
    /// A part of the reason, regardless of case.
    public var reason: String?
    /// A part of the subject, regardless of case.
    public var subject: String?
    /// At least this many attempts.
    public var minimumAttempts: Int?
    /// At most this many attempts.
    public var maximumAttempts: Int?
    /// How the last attempt ended; empty for all.
    public var lastOutcomes: Set<AttemptTrace.Outcome> = []
    /// Accepted before this time.
    public var acceptedBefore: Timestamp?
    /// Accepted at or after this time.
    public var acceptedAfter: Timestamp?

    /// Creates a filter that all dispatches fit.
    public init() {}

    /// Tells whether all dispatches fit.
    public var isEmpty: Bool { self == DispatchFilter() }
}

/// What an operator does to dispatches.
public enum DispatchAction: Sendable, Hashable {
    /// Tries waiting ones now and dead or dropped ones anew, with the attempts counted from zero.
    case retry
    /// Ends unsettled and dead ones.
    case drop(reason: String)
    /// Keeps waiting ones from being tried: until then, or until they are released.
    case hold(reason: String, until: Timestamp? = nil)
    /// Lets held ones go on, with the stages after the one that held them.
    case release
    /// Lets held ones go on as they are, past the stages that are left.
    case releaseAsItIs
    /// Sends waiting, held and dead ones to another address instead, as dispatches of their own.
    case reroute(to: Address, reason: String)
}
