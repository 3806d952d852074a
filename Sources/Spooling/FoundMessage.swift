public import Messages

/// A message that a text may mean.
public struct FoundMessage: Sendable, Hashable {
    /// What the text is of it.
    public enum Reason: String, Sendable {
        /// The beginning of its id.
        case id
        /// The number of one of its dispatches.
        case dispatch
        /// An id that a platform gave it.
        case remoteID = "remote_id"
        /// The key of its event, or its idempotency key.
        case key
    }

    /// Its id.
    public let message: MessageID
    /// When the router took it.
    public let accepted: Timestamp
    /// What it is about.
    public let topic: String
    /// Who sent it.
    public let from: String
    /// Its subject.
    public let subject: String?
    /// What the text is of it.
    public let reason: Reason
}
