/// The one message format: what every platform's messages become, and what every platform's messages are made of.
public struct Envelope: Sendable, Hashable {
    /// The message's id.
    public var id: MessageID
    /// When it was written, as the platform says, or when it came in.
    public var time: Timestamp
    /// Who sent it.
    public var from: Address
    /// Recipients the sender named; routes and subscriptions add theirs.
    public var to: [Address]
    /// Where answers go instead of `from`.
    public var replyTo: Address?
    /// What it is about.
    public var topic: Topic
    /// What kind of message it is.
    public var kind: MessageKind
    /// A line that sums it up.
    public var subject: String?
    /// What it consists of, in order.
    public var parts: [Part]
    /// The conversation it belongs to; messages of one thread are delivered in order.
    public var thread: String?
    /// The message that it answers: our id, or before it is accepted the platform's own.
    public var inReplyTo: String?
    /// The message that it came of.
    public var parent: MessageID?
    /// The first message of its chain.
    public var root: MessageID?
    /// How many generations it is away from the root; 0 for a message that came of none.
    public var depth: Int
    /// What the platform knows of the sender.
    public var sender: Sender?
    /// Fields of the platform's own header, by name.
    public var headers: [String: String]
    /// Facts from the adapter: language, labels, channel and so on.
    public var meta: JSONObject
    /// How urgent it is.
    public var priority: Priority
    /// It is not delivered before this time.
    public var notBefore: Timestamp?
    /// It is not delivered after this time, but bounces.
    public var expires: Timestamp?
    /// The sender's own key against duplicates.
    public var idempotencyKey: String?
    /// The routers it has passed, the first one first.
    public var received: [Hop]

    /// Creates an envelope; what is not given is empty.
    public init(
        id: MessageID, time: Timestamp, from: Address, to: [Address] = [], topic: Topic, kind: MessageKind = .message,
        subject: String? = nil, parts: [Part] = []
    ) {
        self.id = id
        self.time = time
        self.from = from
        self.to = to
        self.topic = topic
        self.kind = kind
        self.subject = subject
        self.parts = parts
        self.depth = 0
        self.headers = [:]
        self.meta = JSONObject()
        self.priority = .normal
        self.received = []
    }

    /// The text of all text parts, parted by empty lines.
    public var text: String {
        let texts = parts.compactMap { part -> String? in
            if part.type == .text, case .text(let text, _) = part.content { text } else { nil }
        }
        return texts.count == 1 ? texts[0] : texts.joined(separator: "\n\n")
    }

    /// Puts the text into the first text part, in its format, and drops the other text parts.
    ///
    /// Without a text part one is put first.
    public mutating func setText(_ text: String, format: TextFormat? = nil) {
        guard let index = parts.firstIndex(where: { $0.type == .text }) else {
            return parts.insert(.text(text, format: format ?? .plain), at: 0)
        }
        var kept = TextFormat.plain
        if case .text(_, let old) = parts[index].content { kept = old }
        parts[index] = .text(text, format: format ?? kept)
        var position = 0
        parts.removeAll { part in
            defer { position += 1 }
            return part.type == .text && position != index
        }
    }

    /// Tells whether a machine wrote it: no automatic answer may follow (RFC 3834 §2).
    public var isAutomatic: Bool {
        sender?.isAutomatic == true || kind == .bounce
    }
}

/// What kind of message an envelope is.
public enum MessageKind: String, Sendable, CaseIterable {
    /// Something somebody wrote.
    case message
    /// A new version of a message.
    case edit
    /// A message is taken back.
    case retract
    /// An emoji on a message.
    case reaction
    /// A message was read.
    case receipt
    /// Somebody is writing.
    case typing
    /// Something happened.
    case event
    /// A dispatch failed for good.
    case bounce

    /// Tells whether the spool keeps it; typing and read receipts are worth nothing later.
    public var isSpooled: Bool {
        self != .typing && self != .receipt
    }
}

/// How urgent a message is.
public enum Priority: String, Sendable, CaseIterable, Comparable {
    /// When there is time.
    case low
    /// As usual.
    case normal
    /// Before others.
    case high
    /// Before all others.
    case urgent

    /// 0 for low to 3 for urgent.
    public var rank: Int {
        switch self {
        case .low: 0
        case .normal: 1
        case .high: 2
        case .urgent: 3
        }
    }

    /// Creates a priority from its rank; what is out of range is taken as the nearest.
    public init(rank: Int) {
        self = Self.allCases[max(0, min(3, rank))]
    }

    /// Tells whether the first is less urgent than the second.
    public static func < (left: Priority, right: Priority) -> Bool { left.rank < right.rank }
}

/// What a platform knows of a sender.
public struct Sender: Sendable, Hashable {
    /// The name to show.
    public var name: String?
    /// The address of a picture.
    public var avatar: String?
    /// Whether the platform vouches for the sender.
    public var isAuthenticated: Bool
    /// Whether a machine wrote the message.
    public var isAutomatic: Bool

    /// Creates a sender.
    public init(
        name: String? = nil, avatar: String? = nil, isAuthenticated: Bool = false, isAutomatic: Bool = false
    ) {
        self.name = name
        self.avatar = avatar
        self.isAuthenticated = isAuthenticated
        self.isAutomatic = isAutomatic
    }
}

/// A router that a message has passed.
public struct Hop: Sendable, Hashable {
    /// The router's name.
    public var router: String
    /// When it came in there.
    public var time: Timestamp
    /// The mailbox it came in by.
    public var by: String

    /// Creates a hop.
    public init(router: String, time: Timestamp, by: String) {
        self.router = router
        self.time = time
        self.by = by
    }
}
