public import AdapterKit
public import Messages
import Synchronization

/// Lends what a test has put in, and records what becomes of it.
public final class MemoryLender: DispatchLender {
    /// What was asked.
    public enum Request: Sendable, Hashable {
        /// Dispatches were asked for.
        case lease(from: Address, terms: LeaseTerms, wait: Duration)
        /// Leases were ended.
        case settle([Lease], of: Address, as: LeaseEnding)
    }

    private struct State {
        var waiting: [LeasedDispatch] = []
        var leased: Set<Lease> = []
        var requests: [Request] = []
        var error: LeaseError?
    }

    private let state = Mutex(State())

    /// Creates a lender that has nothing.
    public init() {}

    /// What was asked so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// Puts something in.
    public func put(_ dispatch: LeasedDispatch) { state.withLock { $0.waiting.append(dispatch) } }

    /// Refuses everything from now on.
    public func refuse(with error: LeaseError) { state.withLock { $0.error = error } }

    /// Lends what there is.
    public func lease(
        from recipient: Address, _ terms: LeaseTerms, waiting wait: Duration
    ) async throws(LeaseError) -> [LeasedDispatch] {
        try state.withLock { state throws(LeaseError) in
            if let error = state.error { throw error }
            state.requests.append(.lease(from: recipient, terms: terms, wait: wait))
            let taken = Array(state.waiting.prefix(terms.count))
            state.waiting.removeFirst(taken.count)
            state.leased.formUnion(taken.map(\.lease))
            return taken
        }
    }

    /// Ends leases that were lent.
    public func settle(
        _ leases: [Lease], of recipient: Address, as ending: LeaseEnding
    ) async throws(LeaseError) -> [Bool] {
        try state.withLock { state throws(LeaseError) in
            if let error = state.error { throw error }
            state.requests.append(.settle(leases, of: recipient, as: ending))
            return leases.map { state.leased.remove($0) != nil }
        }
    }
}
