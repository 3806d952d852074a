import Messages

/// What can be wrong with a condition.
enum ConditionFault {
    case noMapping(got: String)
    case empty(String)
    case unknownField(String)
    case fieldWithoutName(String)
    case unknownOperator(String)
    case badOperator(String, expected: String, got: String)
    case notAWord(field: String, words: [String], got: String)
    case notAnAddress(reason: String)
    case notATopic(reason: String)
    case notANumber(operator: String, got: String)
    case noOrder(field: String)
    case badFlags(String)
    case badPattern(reason: String)
    case badGlob(reason: String)
    case nothing(field: String)
    case badFile(reason: String)
    case emptyRange(String)
    case notATime(got: String)
    case mixedTimes
    case notADay(got: String)
    case badZone(String, TimeZoneError)
    case zoneAlone
}

extension ConditionFault {
    /// What is wrong, and what to do.
    var message: String {
        switch self {
        case .noMapping(let got): "expected a mapping of fields to values, got \(got)"
        case .empty(let what): "\(what) is empty and would never hold; remove it or fill it"
        case .unknownField(let name): "messages have no field named \(quoted(name))"
        case .fieldWithoutName(let name):
            "the field \(quoted(name)) needs a name after it, as in \(name).\(Self.sample(name))"
        case .unknownOperator(let name): "there is no operator named \(quoted(name))"
        case .badOperator(let name, let expected, let got): "\(name) takes \(expected), got \(got)"
        case .notAWord(let field, let words, let got):
            "\(field) is one of \(words.joined(separator: ", ")), never \(got)"
        case .notAnAddress(let reason): "no sender ever has this address: \(reason)"
        case .notATopic(let reason): "no message ever has this topic: \(reason)"
        case .notANumber(let name, let got):
            "expected a number after \(name), got \(got); write {eq: …} for the text itself"
        case .noOrder(let field): "\(field) has no order; it is only equal or not"
        case .badFlags(let flags): "\(quoted(flags)) are no flags of a regular expression; known are i, s, m, x and u"
        case .badPattern(let reason): "bad regular expression: \(reason)"
        case .badGlob(let reason): "bad glob: \(reason)"
        case .badFile(let reason): reason
        case .emptyRange(let range): "nothing is between \(range); the lower one comes first"
        case .notATime(let got):
            "expected a date such as 2026-12-24, a time such as 2026-12-24T18:00 or an hour such as 09:30, got \(got)"
        case .mixedTimes: "between takes two dates or two hours of the day, not one of each"
        case .notADay(let got): "expected days such as mon or mon-fri, got \(got)"
        case .badZone(let name, .unknown): "this machine knows no time zone named \(quoted(name))"
        case .badZone(let name, .badName): "\(quoted(name)) is no name of a time zone such as Europe/Berlin"
        case .badZone(let name, .badFile(let reason)): "the time zone \(quoted(name)) cannot be read: \(reason)"
        case .zoneAlone: "a zone says whose clocks count; give between, days, gt, gte, lt or lte with it"
        case .nothing(let field): "expected a value, got nothing; write \(field): {exists: false} for a missing field"
        }
    }

    private static func sample(_ group: String) -> String {
        switch group {
        case "sender": "name"
        case "part": "type"
        case "headers": "list-id"
        default: "lang"
        }
    }
}
