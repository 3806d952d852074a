/// A program's claim on one dispatch for a time: what it acknowledges, gives back or prolongs.
///
/// Its text, `4096-1`, is all that a program keeps of it, so a lease is good over a restart of the router.
public struct Lease: Sendable, Hashable {
    /// The number of the dispatch.
    public let number: Int64
    /// The attempt that the lease is; when another has begun, this lease is void.
    public let attempt: Int

    /// Creates a lease.
    public init(number: Int64, attempt: Int) {
        self.number = number
        self.attempt = attempt
    }

    /// Reads a lease; `nil` when the text is none.
    public init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int64(parts[0]), let attempt = Int(parts[1]), number > 0, attempt > 0
        else { return nil }
        self.init(number: number, attempt: attempt)
    }
}

extension Lease: CustomStringConvertible {
    /// The text that ``init(parsing:)`` reads.
    public var description: String { "\(number)-\(attempt)" }
}

/// What becomes of a leased dispatch.
public enum LeaseEnding: Sendable, Hashable {
    /// The program has done its work: the dispatch is delivered.
    case delivered
    /// The program gives it back, to be taken again from `due` on.
    case returned(reason: String, due: Timestamp)
    /// The program needs more time: the lease goes on until then.
    case extended(until: Timestamp)
}
