import Messages

/// What a condition asks of the values of a field.
indirect enum Predicate: Sendable, Hashable {
    /// A value is this text, or this number.
    case equals(String, number: Double?)
    /// The expression is found in a value.
    case regex(RegularExpression)
    /// A value as a whole fits.
    case glob(Glob)
    /// The topic fits.
    case topic(TopicPattern)
    /// A value is a number that stands so to this one.
    case compares(Comparison, Double)
    /// The priority stands so to this one.
    case ranks(Comparison, Priority)
    /// The field is there, or is not.
    case exists(Bool)
    /// One of these is true.
    case any([Predicate])
    /// All of these are true.
    case all([Predicate])
    /// This is false.
    case not(Predicate)

    /// Tests the values; of several one that fits is enough, and none fits where there is none.
    func test(_ values: [FieldValue]) -> MatchOutcome {
        switch self {
        case .exists(let exists): MatchOutcome(values.isEmpty != exists)
        case .any(let predicates): predicates.any { $0.test(values) }
        case .all(let predicates): predicates.all { $0.test(values) }
        case .not(let predicate): predicate.test(values).negated
        case .regex(let expression): expression.match(anyOf: values.map(\.text))
        case .glob(let glob): glob.match(anyOf: values.map(\.text))
        default: MatchOutcome(values.contains(where: fits))
        }
    }

    private func fits(_ value: FieldValue) -> Bool {
        switch self {
        case .equals(let text, let number): value.text == text || (number != nil && value.number == number)
        case .topic(let pattern): (try? Topic(parsing: value.text)).map(pattern.matches) ?? false
        case .compares(let comparison, let number): value.number.map { comparison.holds($0, number) } ?? false
        case .ranks(let comparison, let priority):
            Priority(rawValue: value.text).map { comparison.holds($0, priority) } ?? false
        case .regex, .glob, .exists, .any, .all, .not: test([value]) == .matches
        }
    }
}

/// How two values stand to each other.
enum Comparison: String, Sendable, Hashable, CaseIterable {
    case atLeast = ">="
    case atMost = "<="
    case more = ">"
    case less = "<"

    /// Whether the left value stands so to the right one.
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .atLeast: left >= right
        case .atMost: left <= right
        case .more: left > right
        case .less: left < right
        }
    }
}

extension Predicate {
    /// What is asked, as the object of a sentence: `/swift/i`, `"de"`, `>= 5`.
    var operand: String {
        switch self {
        case .equals(let text, let number): number == nil ? quoted(text) : text
        case .regex(let expression): expression.description
        case .glob(let glob): quoted(glob.text)
        case .topic(let pattern): quoted(pattern.description)
        case .compares(let comparison, let number):
            "\(comparison.rawValue) \(Int(exactly: number).map(String.init) ?? String(number))"
        case .ranks(let comparison, let priority): "\(comparison.rawValue) \(priority.rawValue)"
        case .exists(let exists): exists ? "present" : "missing"
        case .any(let predicates): predicates.map(\.operand).joined(separator: " or ")
        case .all(let predicates): predicates.map(\.operand).joined(separator: " and ")
        case .not(let predicate): "not \(predicate.operand)"
        }
    }

    /// What was found, as the rest of a sentence: `matches /swift/i`, `is not "de"`.
    func phrase(_ isTrue: Bool) -> String {
        switch self {
        case .regex: "\(isTrue ? "matches" : "does not match") \(operand)"
        case .glob, .topic: "\(isTrue ? "fits" : "does not fit") \(operand)"
        case .any(let predicates) where predicates.count == 1: predicates[0].phrase(isTrue)
        case .any: "\(isTrue ? "is one" : "is none") of \(operand)"
        case .not(let predicate): predicate.phrase(!isTrue)
        case .exists(let exists): exists == isTrue ? "is present" : "is missing"
        default: "\(isTrue ? "is" : "is not") \(operand)"
        }
    }
}
