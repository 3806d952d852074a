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
