public import Messages

/// Which messages are meant, by what was known of them when they were accepted.
public struct MessageQuery: Sendable, Hashable {
    /// Accepted at this time or later.
    public var since: Timestamp?
    /// Accepted before this time.
    public var until: Timestamp?
    /// About one of these topics; any when there are none.
    public var topics: [TopicPattern]

    /// Creates a query; what is not given does not matter.
    public init(since: Timestamp? = nil, until: Timestamp? = nil, topics: [TopicPattern] = []) {
        self.since = since
        self.until = until
        self.topics = topics
    }

    /// Tells whether a message is meant.
    public func fits(topic: Topic, accepted: Timestamp) -> Bool {
        if let since, accepted < since { return false }
        if let until, accepted >= until { return false }
        return topics.isEmpty || topics.contains { $0.matches(topic) }
    }
}

extension MessageQuery: CustomStringConvertible {
    /// The query in the words of dispatch filters; empty for all messages.
    public var description: String {
        var words = topics.map { "topic=\($0)" }
        if let since { words.append("accepted>=\(since)") }
        if let until { words.append("accepted<\(until)") }
        return words.joined(separator: " ")
    }
}

/// A message as the spool keeps it.
public struct KeptMessage: Sendable, Hashable {
    /// Its place in the order of acceptance.
    public var sequence: Int64
    /// When the router took it.
    public var accepted: Timestamp
    /// The envelope as it was accepted.
    public var envelope: Envelope

    /// Creates a message.
    public init(sequence: Int64, accepted: Timestamp, envelope: Envelope) {
        self.sequence = sequence
        self.accepted = accepted
        self.envelope = envelope
    }
}

/// Some of the messages that a query means.
public struct MessagePage: Sendable {
    /// The messages, in the order they were accepted in.
    public var messages: [KeptMessage]
    /// What the next page begins after; `nil` when this is the last.
    public var next: Int64?

    /// Creates a page.
    public init(messages: [KeptMessage], next: Int64?) {
        self.messages = messages
        self.next = next
    }
}
