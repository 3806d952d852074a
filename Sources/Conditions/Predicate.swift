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
    /// A value is a number within these.
    case within(ClosedRange<Double>)
    /// The priority is one of these.
    case ranksWithin(ClosedRange<Priority>)
    /// A value is one of many.
    case listed(WordList)
    /// Each of these is a member, or of a text a part.
    case contains([String])
    /// A value is this language, in lower case, or a form of it (RFC 4647 §3.3.1).
    case language(String)
    /// A value is a time in this window.
    case during(TimeWindow)
    /// The field is there, or is not.
    case exists(Bool)
    /// One of these is true.
    case any([Predicate])
    /// All of these are true.
    case all([Predicate])
    /// This is false.
    case not(Predicate)

    /// Tests the values; of several one that fits is enough, and none fits where there is none.
    ///
    /// - Parameters:
    ///   - values: the values of the field.
    ///   - isList: whether they are members of a list.
    /// - Returns: whether the predicate holds.
    func test(_ values: [FieldValue], isList: Bool = false) -> MatchOutcome {
        switch self {
        case .exists(let exists): MatchOutcome(values.isEmpty != exists)
        case .any(let predicates): predicates.any { $0.test(values, isList: isList) }
        case .all(let predicates): predicates.all { $0.test(values, isList: isList) }
        case .not(let predicate): predicate.test(values, isList: isList).negated
        case .contains(let texts):
            MatchOutcome(
                !values.isEmpty
                    && texts.allSatisfy { text in
                        values.contains { $0.text == text || !isList && $0.text.contains(text) }
                    })
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
        case .within(let range): value.number.map(range.contains) ?? false
        case .ranksWithin(let range): Priority(rawValue: value.text).map(range.contains) ?? false
        case .listed(let list): list.contains(value)
        case .language(let tag): Self.fits(value.text.lowercased(), tag)
        case .during(let window): if case .time(let time) = value { window.contains(time) } else { false }
        case .regex, .glob, .contains, .exists, .any, .all, .not: test([value]) == .matches
        }
    }
}

extension Predicate {
    /// Whether a language tag is the one asked for, or that with more subtags behind it.
    private static func fits(_ tag: String, _ range: String) -> Bool {
        let parts = tag.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        let asked = range.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count >= asked.count && zip(parts, asked).allSatisfy { $0.elementsEqual($1) }
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
            "\(comparison.rawValue) \(Self.shown(number))"
        case .ranks(let comparison, let priority): "\(comparison.rawValue) \(priority.rawValue)"
        case .within(let range): "from \(Self.shown(range.lowerBound)) to \(Self.shown(range.upperBound))"
        case .ranksWithin(let range): "from \(range.lowerBound.rawValue) to \(range.upperBound.rawValue)"
        case .listed(let list): list.name
        case .contains(let texts): texts.map { quoted($0) }.joined(separator: " and ")
        case .language(let tag): quoted(tag)
        case .during(let window): window.description
        case .exists(let exists): exists ? "present" : "missing"
        case .any(let predicates): predicates.map(\.operand).joined(separator: " or ")
        case .all(let predicates): predicates.map(\.operand).joined(separator: " and ")
        case .not(let predicate): "not \(predicate.operand)"
        }
    }

    private static func shown(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }

    /// What was found, as the rest of a sentence: `matches /swift/i`, `is not "de"`.
    func phrase(_ isTrue: Bool) -> String {
        switch self {
        case .regex: "\(isTrue ? "matches" : "does not match") \(operand)"
        case .glob, .topic: "\(isTrue ? "fits" : "does not fit") \(operand)"
        case .any(let predicates) where predicates.count == 1: predicates[0].phrase(isTrue)
        case .any: "\(isTrue ? "is one" : "is none") of \(operand)"
        case .not(let predicate): predicate.phrase(!isTrue)
        case .listed: "\(isTrue ? "is" : "is not") in \(operand)"
        case .contains: "\(isTrue ? "contains" : "does not contain") \(operand)"
        case .exists(let exists): exists == isTrue ? "is present" : "is missing"
        default: "\(isTrue ? "is" : "is not") \(operand)"
        }
    }
}
