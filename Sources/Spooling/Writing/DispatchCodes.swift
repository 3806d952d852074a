import Messages

/// The numbers that stand for states and outcomes in the tables; a number never changes its meaning.
extension DispatchState {
    var code: Int64 {
        switch self {
        case .waiting: 0
        case .trying: 1
        case .held: 2
        case .delivered: 3
        case .dead: 4
        case .dropped: 5
        }
    }

    init?(code: Int64) {
        guard let state = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = state
    }
}

/// The queue of its lane that an open dispatch waits in: the numbers in `is_open`.
enum DispatchQueue: Int64 {
    /// It may go when it is its turn.
    case ready = 1
    /// It waits for its time, or has waited for it.
    case later = 2
    /// It waits for a person.
    case held = 3

    /// The queue of a dispatch in this state; `nil` when it is settled.
    init?(_ state: DispatchState, due: Timestamp, at now: Timestamp) {
        guard !state.isSettled else { return nil }
        self = state == .held ? .held : due > now ? .later : .ready
    }
}

extension AttemptTrace.Outcome {
    var code: Int64 {
        switch self {
        case .delivered: 0
        case .deferred: 1
        case .unknown: 2
        case .rejected: 3
        case .unfinished: 4
        }
    }

    init?(code: Int64) {
        guard let outcome = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = outcome
    }
}

/// How a dispatch's number is made: 4,096 for each message, so that those of a message are a range of the table.
enum DispatchNumber {
    static let perMessage = Int64(SpoolEntry.maximumDispatches)

    static func first(ofSequence sequence: Int64) -> Int64 { sequence * perMessage }
    static func last(ofSequence sequence: Int64) -> Int64 { sequence * perMessage + perMessage - 1 }
    static func sequence(of number: Int64) -> Int64 { number / perMessage }
    static func position(of number: Int64) -> Int64 { number % perMessage }
}
