public import Configuration

/// The stages of a route, in the order they run in.
///
/// It is a list and no onion: a dispatch remembers the index of its next stage, and goes on from there after a crash.
public struct StageChain: Sendable {
    /// A stage in its place.
    public struct Step: Sendable {
        /// The stage's name; inside a named list that list's name stands before it, as in `brief/truncate`.
        public var name: String
        /// The stage.
        public var stage: any Stage
        /// Where it stands.
        public var position: SourcePosition
        /// The mailboxes that it is for; messages of others go past it.
        public var limit: MailboxLimit

        /// Creates a step.
        public init(name: String, stage: any Stage, position: SourcePosition, limit: MailboxLimit = MailboxLimit()) {
            self.name = name
            self.stage = stage
            self.position = position
            self.limit = limit
        }
    }

    /// The most steps of a chain, those of named lists counted.
    public static let maximumSteps = 1_000

    /// The most messages that the stages of a chain make of one.
    public static let maximumMessages = 1_000

    /// The steps.
    public let steps: [Step]

    /// Creates a chain.
    public init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// The addresses that the stages send to themselves.
    public var addresses: [StageAddress] { steps.flatMap { $0.stage.addresses } }
}
