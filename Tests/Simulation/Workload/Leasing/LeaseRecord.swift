import Messages

/// A lease as the program knows it that has it.
final class LeaseRecord {
    /// What a program says of a lease.
    struct Answer {
        enum Kind {
            case delivered
            case returned(due: Timestamp)
            case extended(until: Timestamp)

            var isDelivered: Bool { if case .delivered = self { true } else { false } }
        }

        let kind: Kind
        let began: Moment
        /// Whether the lease held; unknown when the router died meanwhile.
        var held: Bool?
    }

    let lease: Lease
    let lane: Address
    let message: MessageID
    let thread: String?
    let idempotencyKey: String
    let granted: Moment
    let until: Timestamp
    var answers: [Answer] = []

    init(_ dispatch: LeasedDispatch, lane: Address, granted: Moment, until: Timestamp) {
        lease = dispatch.lease
        self.lane = lane
        message = dispatch.message
        thread = (try? Envelope(parsing: dispatch.envelope))?.thread
        idempotencyKey = dispatch.idempotencyKey
        self.granted = granted
        self.until = until
    }

    /// Until when it may have been good, as far as the program knows.
    var end: Timestamp {
        answers.reduce(until) { end, answer in
            guard case .extended(let until) = answer.kind, answer.held != false else { return end }
            return max(end, until)
        }
    }
}

/// When something happened: in the order of all things, by the clock on the wall, and how often that had been set.
struct Moment {
    let order: Int
    let time: Timestamp
    let jumps: Int
}
