public import Conditions
public import Configuration
public import Messages
public import Stages

/// A line of the table: topic patterns and conditions, stages, recipients.
public struct Route: Sendable {
    /// What traces call it.
    public var name: String
    /// The topics it is for; any of them.
    public var patterns: [TopicPattern]
    /// Topics it is not for although they fit.
    public var exclusions: [TopicPattern]
    /// What must hold of the message besides.
    public var condition: Condition
    /// The stages that the message passes.
    public var chain: StageChain
    /// Where it goes.
    public var targets: [RouteTarget]
    /// Whether the routes below are not looked at for a message that this one matches.
    public var stops: Bool
    /// Where it stands.
    public var position: SourcePosition

    /// Creates a route; without a name it is called by its patterns.
    public init(
        name: String? = nil, patterns: [TopicPattern], exclusions: [TopicPattern] = [],
        condition: Condition = .always, chain: StageChain = StageChain(), targets: [RouteTarget], stops: Bool = false,
        position: SourcePosition
    ) {
        self.name = name ?? patterns.map(\.description).joined(separator: ", ")
        self.patterns = patterns
        self.exclusions = exclusions
        self.condition = condition
        self.chain = chain
        self.targets = targets
        self.stops = stops
        self.position = position
    }

    /// Whether the topic is one of those that the route is not for although they fit.
    public func excludes(_ topic: Topic) -> Bool { exclusions.contains { $0.matches(topic) } }

    /// The origin of its dispatches.
    public var origin: RouteOrigin { RouteOrigin(name: name, location: location) }

    /// Where it stands, as `routes.yaml:31`; a route of the environment has no line.
    public var location: String { position.line == 0 ? position.description : "\(position.file):\(position.line)" }
}
