package import AdapterKit
package import Messages

/// What a sender wants to have delivered, and what the router told it.
package final class Letter {
    /// Where it stands in the plan.
    package let number: Int
    /// What it is.
    package let plan: LetterPlan
    /// The ids it was sent under: another one each time, as each is a new message to the adapter.
    package var ids: [MessageID] = []
    /// When it was first sent, and first acknowledged, in the order of all that the ledger holds.
    var sent = 0
    var acknowledged: Int?
    /// What the router acknowledged.
    package var acceptances: [Acceptance] = []
    /// Why it was refused for good.
    package var refusal: String?
    /// Whether the router is said to have no room; the last answer counts.
    package var wasTold: AcceptError?

    init(number: Int, plan: LetterPlan) {
        self.number = number
        self.plan = plan
    }
}

/// A letter as the seed has it.
package struct LetterPlan: Sendable {
    /// The mailbox it comes in by.
    package var mailbox: String
    /// The rest of its topic.
    package var topicClass: String
    /// Whom it names.
    package var recipients: [Address] = []
    /// Its conversation.
    package var thread: String?
    /// The platform's id of the event.
    package var eventKey: String?
    /// How often the platform repeats the event, though it was acknowledged.
    package var repetitions = 0
    /// How long after its arrival it may be delivered.
    package var delay: Duration?
    /// How long after its arrival it may no longer be delivered.
    package var lifetime: Duration?
    /// Whether a machine wrote it.
    package var isAutomatic = false
    /// How urgent it is.
    package var priority = Priority.normal
    /// What stands in it.
    package var text: String
    /// The routers it has passed.
    package var received: [Hop] = []
    /// How often a platform has sent it back to the router.
    package var generation = 0
    /// The platform's id of the message it answers.
    package var inReplyTo: String?
    /// The platform's id of the message itself.
    package var remoteID: String?
    /// The attempt whose message is answered, or comes back.
    package var origin: Confined<Attempt>?
    /// How many messages it came of.
    package var depth = 0
    /// Whether its depth and its routers alone say if it is refused.
    package var isMeasured = false
    /// Whether it, and what comes of it, is answered by a machine for ever.
    package var isConversation = false
    /// Whether it is a bounce of another router.
    package var isBounce = false
    /// A file that comes with it.
    package var blob: BlobPlan?

    /// Whether nobody may be told of its failures.
    var hasNoBounce: Bool { isAutomatic || isBounce }
}

/// A file that is too large for an envelope.
package struct BlobPlan: Sendable {
    /// What it is full of: the same bytes are the same blob.
    package let fill: UInt8
    /// How many bytes.
    package let size: Int
    /// How long the rest of the message takes after it.
    package let pause: Duration

    var bytes: [UInt8] { Array(repeating: fill, count: size) }
}
