public import Messages

/// The way out of the router for programs that come and take their messages, instead of having them delivered.
///
/// A mailbox whose manifest has the ability `pull` is never given anything to deliver: its dispatches wait in the spool
/// until somebody leases them. A lease is an attempt: it is durable before the program sees the dispatch, and counts in
/// the trace. A dispatch whose lease runs out can be leased again, with the same idempotency key.
public protocol DispatchLender: Sendable {
    /// Leases the next dispatches of a lane: those of a thread in their order, none while an earlier one is leased.
    ///
    /// - Parameters:
    ///   - recipient: An address of a mailbox that is pulled.
    ///   - terms: How many, and for how long.
    ///   - wait: How long to wait for the first one.
    /// - Returns: The dispatches; none when none came in time.
    /// - Throws: ``LeaseError``
    func lease(
        from recipient: Address, _ terms: LeaseTerms, waiting wait: Duration
    ) async throws(LeaseError) -> [LeasedDispatch]

    /// Ends or prolongs leases, all in one transaction; returns when that is durable.
    ///
    /// - Returns: For each lease whether it held; those that did not have run out and were taken again, or are settled.
    /// - Throws: ``LeaseError``
    func settle(_ leases: [Lease], of recipient: Address, as ending: LeaseEnding) async throws(LeaseError) -> [Bool]
}

/// Why nothing could be leased or settled.
public enum LeaseError: Error, Sendable, Hashable {
    /// The mailbox is no pulled one of this router (any more).
    case noMailbox(name: String)
    /// Too many wait for messages of this mailbox: HTTP 429.
    case tooManyWaiting(limit: Int)
    /// The router is stopping, or its disk failed: HTTP 503.
    case unavailable(reason: String)
}

extension LeaseError: CustomStringConvertible {
    /// What happened, fit to be told to the program.
    public var description: String {
        switch self {
        case .noMailbox(let name): "no mailbox named \"\(name)\" can be pulled from"
        case .tooManyWaiting(let limit):
            "\(limit) requests wait for messages of this mailbox; fewer, with a larger max, do"
        case .unavailable(let reason): reason
        }
    }
}
