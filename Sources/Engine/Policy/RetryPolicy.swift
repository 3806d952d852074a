/// What is done with a dispatch whose attempt did not deliver, by the way the attempt ended.
public struct RetryPolicy: Sendable, Hashable {
    /// How an attempt ended that did not deliver.
    public enum Class: String, Sendable, CaseIterable {
        /// The platform could not take the message then.
        case deferred
        /// The message went out and no answer came: the platform may have it.
        case unknown
        /// The platform will never take the message.
        case rejected
    }

    /// When a deferred dispatch is tried again.
    public var deferred: RetrySchedule
    /// When a dispatch of unknown outcome is tried again, with the same idempotency key.
    public var unknown: RetrySchedule
    /// When a rejected dispatch is tried again; at the first refusal it is given up unless more attempts are allowed.
    public var rejected: RetrySchedule
    /// Whether a dispatch of unknown outcome is held for a person instead, because the platform cannot tell a message
    /// that it has already.
    public var holdsUnknown: Bool

    /// Creates a policy.
    public init(
        deferred: RetrySchedule = RetrySchedule(), unknown: RetrySchedule = RetrySchedule(),
        rejected: RetrySchedule = RetrySchedule(attempts: 1), holdsUnknown: Bool = false
    ) {
        self.deferred = deferred
        self.unknown = unknown
        self.rejected = rejected
        self.holdsUnknown = holdsUnknown
    }

    /// Creates a policy that tries deferred and unknown dispatches again by one schedule, and rejected ones not at all.
    public init(_ schedule: RetrySchedule) {
        var rejected = schedule
        rejected.attempts = 1
        self.init(deferred: schedule, unknown: schedule, rejected: rejected)
    }

    /// The schedule of a class.
    public subscript(class: Class) -> RetrySchedule {
        switch `class` {
        case .deferred: deferred
        case .unknown: unknown
        case .rejected: rejected
        }
    }
}
