public import Messages

/// A table as a picture: mailboxes, routes, stages and recipients, and the ways between them.
public struct RouteGraph: Sendable, Hashable {
    /// A thing in the picture.
    public struct Node: Sendable, Hashable {
        /// What it is.
        public enum Kind: Sendable, Hashable {
            /// A mailbox that messages come in by.
            case mailbox
            /// A route of the file.
            case route
            /// What gives recipients without a route of the file: the sender's own, replies, bounces.
            case rule
            /// The stages of a route.
            case stages
            /// Where messages go.
            case recipient
        }

        /// Its name within the picture.
        public var id: String
        /// What it is.
        public var kind: Kind
        /// What stands in it, line by line.
        public var lines: [String]
    }

    /// A way from one thing to another.
    public struct Edge: Sendable, Hashable {
        /// The id of where it begins.
        public var from: String
        /// The id of where it ends.
        public var to: String
        /// How many messages went there; `nil` when nobody counted.
        public var load: RouteLoad?
    }

    /// The things, in the order of the file.
    public var nodes: [Node]
    /// The ways.
    public var edges: [Edge]
}

/// How many messages went a way, and how many of them failed for good.
public struct RouteLoad: Sendable, Hashable {
    /// All of them.
    public var messages: Int
    /// Those that failed for good.
    public var failed: Int

    /// Creates a load.
    public init(messages: Int = 0, failed: Int = 0) {
        self.messages = messages
        self.failed = failed
    }

    /// Adds another.
    public static func += (load: inout RouteLoad, other: RouteLoad) {
        load.messages += other.messages
        load.failed += other.failed
    }
}

/// What went from a mailbox by a route to a recipient.
public struct RouteCount: Sendable, Hashable {
    /// The mailbox.
    public var source: String
    /// The route, or the rule.
    public var route: RouteOrigin
    /// Where it went.
    public var recipient: String
    /// How many.
    public var load: RouteLoad

    /// Creates a count.
    public init(source: String, route: RouteOrigin, recipient: String, load: RouteLoad) {
        self.source = source
        self.route = route
        self.recipient = recipient
        self.load = load
    }
}

extension RouteLoad {
    /// The load as it stands at a way: `1204`, `1204, 3 failed`.
    var text: String { failed == 0 ? "\(messages)" : "\(messages), \(failed) failed" }
}
