/// One envelope on its way to one recipient by one route: what an adapter is given to deliver.
public struct Dispatch: Sendable, Hashable {
    /// The number of the dispatch in the spool; it never changes and is never used again.
    public let number: Int64
    /// The envelope as the stages left it.
    public let envelope: Envelope
    /// Where it goes.
    public let recipient: Address
    /// The same for every attempt of this dispatch, and different from every other: platforms that know idempotency
    /// keys take the message once.
    public let idempotencyKey: String
    /// 1 for the first attempt.
    public let attempt: Int
    /// The recipient platform's own id of the message that this one answers, where both are known.
    public let remoteInReplyTo: String?

    /// Creates a dispatch.
    public init(
        number: Int64, envelope: Envelope, recipient: Address, idempotencyKey: String, attempt: Int,
        remoteInReplyTo: String? = nil
    ) {
        self.number = number
        self.envelope = envelope
        self.recipient = recipient
        self.idempotencyKey = idempotencyKey
        self.attempt = attempt
        self.remoteInReplyTo = remoteInReplyTo
    }
}
