import Glibc

/// A dispatch as a program takes it: the envelope is the JSON that lies in the spool, so that nobody reads and writes it
/// again on its way out.
public struct LeasedDispatch: Sendable {
    /// What the program answers with.
    public let lease: Lease
    /// The message.
    public let message: MessageID
    /// When the router took the message.
    public let accepted: Timestamp
    /// The envelope as the stages left it, as JSON.
    public var envelope: [UInt8]

    /// Creates a leased dispatch.
    public init(lease: Lease, message: MessageID, accepted: Timestamp, envelope: [UInt8]) {
        self.lease = lease
        self.message = message
        self.accepted = accepted
        self.envelope = envelope
    }

    /// The same for every lease of this dispatch, and different from every other's.
    public var idempotencyKey: String { "\(message)-\(lease.number)" }

    /// Tells whether the dispatch must not be handed out any more.
    ///
    /// Its message has expired, or when it does not say when, it has waited for longer than the patience. The envelope is
    /// read only when it says.
    public func isExpired(at now: Timestamp, patience: Duration) -> Bool {
        guard envelope.contains(sequence: Self.expires), let expires = (try? Envelope(parsing: envelope))?.expires
        else {
            return accepted + patience <= now
        }
        return expires <= now
    }

    /// Whether the envelope may have claim checks in the place of files.
    public var mayHaveBlobs: Bool { envelope.contains(sequence: Self.blob) }

    private static let blob = Array("\"blob\":".utf8)
    private static let expires = Array("\"expires\":".utf8)
}

/// What a program asks for.
public struct LeaseTerms: Sendable, Hashable {
    /// The most dispatches of one answer.
    public static let maximumCount = 1_000
    /// The most bytes of envelopes of one answer; a first one that is larger comes alone.
    public static let maximumBytes = 4 << 20

    /// The most dispatches, at most ``maximumCount``.
    public let count: Int
    /// How long it has for them.
    public let duration: Duration

    /// Creates terms; the count is brought into its bounds.
    public init(count: Int, duration: Duration) {
        self.count = min(max(1, count), Self.maximumCount)
        self.duration = duration
    }
}

/// What a look into a lane gave.
public struct LaneLease: Sendable {
    /// The dispatches, in the order they were accepted in.
    public var dispatches: [LeasedDispatch]
    /// Those that have expired: they are not leased, but to be given up.
    public var expired: [LeasedDispatch] = []
    /// Whether the answer was full, so that more may be there.
    public var mayHaveMore: Bool
    /// The earliest time at which another dispatch can be taken, as far as the look went: a lease runs out, or a dispatch
    /// is due.
    public var nextDue: Timestamp?

    /// Creates a result.
    public init(dispatches: [LeasedDispatch] = [], mayHaveMore: Bool = false, nextDue: Timestamp? = nil) {
        self.dispatches = dispatches
        self.mayHaveMore = mayHaveMore
        self.nextDue = nextDue
    }
}

extension [UInt8] {
    /// Tells whether these bytes, of which the first is a quotation mark, stand somewhere.
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        withUnsafeBytes { bytes in
            guard var at = bytes.baseAddress else { return false }
            let end = at + bytes.count
            while let quote = memchr(at, Int32(UInt8(ascii: "\"")), end - at),
                end - UnsafeRawPointer(quote) >= sequence.count
            {
                if memcmp(quote, sequence, sequence.count) == 0 { return true }
                at = UnsafeRawPointer(quote) + 1
            }
            return false
        }
    }
}
