/// What a test said: true, false, or that it was given up.
public enum MatchOutcome: Sendable, Hashable {
    /// It is true.
    case matches
    /// It is false.
    case differs
    /// A regular expression would have taken too many steps on this text; the condition as a whole then does not hold.
    case limitExceeded

    init(_ isTrue: Bool) {
        self = isTrue ? .matches : .differs
    }

    /// The opposite; of what was given up nothing is known either way.
    var negated: MatchOutcome {
        switch self {
        case .matches: .differs
        case .differs: .matches
        case .limitExceeded: .limitExceeded
        }
    }
}

extension Sequence {
    /// True if one is true, else given up if one was given up, else false; later elements are not looked at after a
    /// true one.
    func any(_ test: (Element) -> MatchOutcome) -> MatchOutcome {
        var outcome = MatchOutcome.differs
        for element in self {
            switch test(element) {
            case .matches: return .matches
            case .differs: continue
            case .limitExceeded: outcome = .limitExceeded
            }
        }
        return outcome
    }

    /// False if one is false, else given up if one was given up, else true; later elements are not looked at after a
    /// false one.
    func all(_ test: (Element) -> MatchOutcome) -> MatchOutcome {
        any { test($0).negated }.negated
    }
}
