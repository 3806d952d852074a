public import Messages

/// Something that happened to a message, for people who watch.
public struct ExchangeEvent: Sendable, Hashable {
    /// What happened.
    public enum Fact: Sendable, Hashable {
        /// The message was taken: from whom, by which topic, and the dispatches that came of it.
        case accepted(from: Address, topic: Topic, recipients: [Address])
        /// A recipient has it.
        case delivered(recipient: Address, attempt: Int)
        /// An attempt failed; the next one is due then.
        case deferred(recipient: Address, attempt: Int, reason: String, due: Timestamp)
        /// An attempt ended without an answer; the next one is due then.
        case unknown(recipient: Address, attempt: Int, reason: String, due: Timestamp)
        /// An attempt ended without an answer, and a person decides whether there is another.
        case held(recipient: Address, attempt: Int, reason: String)
        /// A dispatch is given up.
        case dead(recipient: Address, attempt: Int, reason: String)
    }

    /// Counts the events of a run of the router, from 1.
    public let number: Int64
    /// When it was noticed.
    public let time: Timestamp
    /// The message.
    public let message: MessageID
    /// What happened.
    public let fact: Fact
}
