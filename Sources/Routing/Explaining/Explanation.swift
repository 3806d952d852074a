public import Messages

/// Why a message goes where it goes: what every route says of it, and what becomes of it.
public struct Explanation: Sendable {
    /// What a route says of a message.
    public enum Verdict: Sendable, Hashable {
        /// The message takes it: the pattern that its topic fits, and why the conditions hold, if there are any.
        case taken(pattern: TopicPattern, reason: String?)
        /// The topic fits none of its patterns.
        case otherTopic
        /// The topic fits, but is excluded.
        case excluded(pattern: TopicPattern, by: TopicPattern)
        /// The topic fits, but a condition does not hold.
        case condition(pattern: TopicPattern, reason: String)
        /// The topic fits, but an earlier route stops.
        case notReached(stoppedBy: RouteOrigin)
    }

    /// A route and its verdict.
    public struct Line: Sendable, Hashable {
        /// The route.
        public var route: RouteOrigin
        /// Its patterns.
        public var patterns: [TopicPattern]
        /// What it says.
        public var verdict: Verdict
    }

    /// The message.
    public var envelope: Envelope
    /// Every route, in the order of the file.
    public var routes: [Line]
    /// What becomes of the message.
    public var plan: RoutePlan
}
