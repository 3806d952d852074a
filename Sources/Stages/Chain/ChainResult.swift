public import Messages

/// What a chain made of a message.
public struct ChainResult: Sendable, Hashable {
    /// What became of the message, or of each of the messages that a stage made of it, in order; never empty.
    public var branches: [ChainBranch] = []
    /// The copies that stages sent on their own way.
    public var copies: [ChainCopy] = []
}

/// One message at the end of its way through a chain.
public struct ChainBranch: Sendable, Hashable {
    /// How a way ends.
    public enum End: Sendable, Hashable {
        /// After the last stage.
        case passed
        /// A stage ended it.
        case dropped(stage: String, reason: String)
        /// A stage holds it, or failed; it goes on at the stage with the index `next`.
        case held(stage: String, reason: String, until: Timestamp?, next: Int)
    }

    /// The message as the stages left it.
    public var envelope: Envelope
    /// How its way ended.
    public var end: End
    /// What each stage did to it.
    public var notes: [StepNote]
}

/// A copy that a stage sent.
public struct ChainCopy: Sendable, Hashable {
    /// Where it goes.
    public var recipient: Address
    /// The message as it was at that stage.
    public var envelope: Envelope
    /// The stage that sent it.
    public var stage: String
    /// What the stages before did to it.
    public var notes: [StepNote]
}
