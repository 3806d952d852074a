/// Why a dispatch exists: a line of the routing table, or a rule of the router.
public struct RouteOrigin: Sendable, Hashable {
    /// The route's name, or the rule: `envelope`, `reply`, `unrouted`, `bounce`.
    public var name: String
    /// Where the route stands, as `routes.yaml:31`; `nil` for a rule.
    public var location: String?

    /// Creates an origin.
    public init(name: String, location: String? = nil) {
        self.name = name
        self.location = location
    }
}

/// What one stage did to a message.
public struct StepNote: Sendable, Hashable {
    /// The stage's name, as in routes.yaml.
    public var stage: String
    /// What it changed, a line each; empty when it changed nothing.
    public var changes: [String]

    /// Creates a note.
    public init(stage: String, changes: [String]) {
        self.stage = stage
        self.changes = changes
    }
}
