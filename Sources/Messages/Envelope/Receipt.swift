/// What an adapter says of one delivery.
///
/// Reasons are shown to operators and in bounces: they name what happened and hold no secret.
public enum Receipt: Sendable, Hashable {
    /// The platform has the message, under these ids of its own (none when it gives none).
    case delivered(remoteIDs: [String], detail: String?)
    /// The platform cannot take it now; it is tried again, never before `retryAfter` has passed.
    case deferred(reason: String, retryAfter: Duration?)
    /// The platform will never take it: it bounces.
    case rejected(reason: String)
    /// The request went out and no answer came: the platform may have the message. It is tried again with the same
    /// idempotency key, and shown as unknown.
    case unknown(reason: String)

    /// Delivered without an id of the platform's own.
    public static var delivered: Receipt { .delivered(remoteIDs: [], detail: nil) }
}
