public import Messages

extension DispatchFilter {
    /// Parses a filter: words parted by spaces, each a condition.
    ///
    /// | word | condition |
    /// | --- | --- |
    /// | `state=dead,held` | one of these states |
    /// | `number=8192` | the dispatch's number |
    /// | `message=0191…` | the message's id |
    /// | `to=hook:*`, `from=*:ann` | recipient and sender, with `*` and `?` |
    /// | `topic=news:**` | a topic pattern |
    /// | `route=alerts` | the route's name |
    /// | `error~timeout`, `subject~invoice` | a part of it, regardless of case |
    /// | `last=unknown` | how the last attempt ended: delivered, deferred, unknown, rejected, unfinished |
    /// | `attempts>=3`, `attempts<=9` | how often it was tried |
    /// | `age>1h`, `age<2d` | how long ago it was accepted: s, m, h, d |
    /// | `accepted<2026-01-01T00:00:00Z`, `accepted>=…` | when it was accepted |
    ///
    /// A value with spaces stands in double quotes: `error~"timed out"`.
    ///
    /// - Parameters:
    ///   - text: The filter; empty for all dispatches.
    ///   - now: The time that ages are counted from.
    /// - Throws: ``SpoolError/badFilter(text:offset:reason:)`` with the offset in bytes of the word that is wrong.
    public init(parsing text: String, now: Timestamp) throws(SpoolError) {
        for word in try FilterWord.split(text) {
            do throws(FilterFault) {
                try add(word, now: now)
            } catch {
                throw .badFilter(text: text, offset: word.offset, reason: error.reason)
            }
        }
    }

    private mutating func add(_ word: FilterWord, now: Timestamp) throws(FilterFault) {
        switch (word.key, word.operation) {
        case ("state", "="): states.formUnion(try Self.states(word.value))
        case ("number", "="): numbers.insert(try word.parsed("a number") { Int64($0) })
        case ("message", "="), ("id", "="):
            messages.insert(try word.parsed("a message id") { try? MessageID(parsing: $0) })
        case ("to", "="): recipient = word.value
        case ("from", "="): from = word.value
        case ("topic", "="): topic = try Self.topic(word.value)
        case ("route", "="): route = word.value
        case ("error", "~"): reason = word.value
        case ("subject", "~"): subject = word.value
        case ("last", "="): lastOutcomes.formUnion(try Self.outcomes(word.value))
        case ("attempts", ">="): minimumAttempts = try word.parsed("a number") { Int($0) }
        case ("attempts", "<="): maximumAttempts = try word.parsed("a number") { Int($0) }
        case ("age", ">"): acceptedBefore = now - (try word.parsed("an age, as in 90s, 15m, 1h or 2d", Self.age))
        case ("age", "<"): acceptedAfter = now - (try word.parsed("an age, as in 90s, 15m, 1h or 2d", Self.age))
        case ("accepted", "<"): acceptedBefore = try word.parsed("a time") { try? Timestamp(parsing: $0) }
        case ("accepted", ">="): acceptedAfter = try word.parsed("a time") { try? Timestamp(parsing: $0) }
        default: throw FilterFault(reason: Self.advice(for: word))
        }
    }

    private static let forms = [
        "state=", "number=", "message=", "to=", "from=", "topic=", "route=", "error~", "subject~", "last=",
        "attempts>=",
        "attempts<=", "age>", "age<", "accepted<", "accepted>=",
    ]

    private static func advice(for word: FilterWord) -> String {
        let own = forms.filter { $0.prefix { $0.isLetter } == word.key }
        return own.isEmpty
            ? "no condition \"\(word.key)\"; there are \(forms.joined(separator: ", "))"
            : "expected \(own.joined(separator: " or "))"
    }

    private static func states(_ text: String) throws(FilterFault) -> Set<DispatchState> {
        var states: Set<DispatchState> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let state = DispatchState(rawValue: String(name)) else {
                let names = DispatchState.allCases.map(\.rawValue).joined(separator: ", ")
                throw FilterFault(reason: "no state \"\(name)\"; there are \(names)")
            }
            states.insert(state)
        }
        return states
    }

    private static func outcomes(_ text: String) throws(FilterFault) -> Set<AttemptTrace.Outcome> {
        var outcomes: Set<AttemptTrace.Outcome> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let outcome = AttemptTrace.Outcome(rawValue: String(name)) else {
                let names = AttemptTrace.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
                throw FilterFault(reason: "no outcome \"\(name)\"; there are \(names)")
            }
            outcomes.insert(outcome)
        }
        return outcomes
    }

    private static func topic(_ text: String) throws(FilterFault) -> TopicPattern {
        do throws(MessageError) {
            return try TopicPattern(parsing: text)
        } catch {
            throw FilterFault(reason: "\(error)")
        }
    }

    private static func age(_ text: String) -> Duration? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
            (0...100_000_000).contains(number)
        else { return nil }
        return .seconds(number * unit)
    }
}

extension DispatchFilter: CustomStringConvertible {
    /// The filter as it is parsed.
    public var description: String {
        var words: [String] = []
        func add(_ key: String, _ value: String?) {
            guard let value else { return }
            words.append(
                key + (value.contains { $0 == " " || $0 == "\"" } || value.isEmpty ? Self.quoted(value) : value))
        }
        if !states.isEmpty {
            add("state=", DispatchState.allCases.filter(states.contains).map(\.rawValue).joined(separator: ","))
        }
        for number in numbers.sorted() { add("number=", "\(number)") }
        for message in messages.sorted() { add("message=", message.description) }
        add("to=", recipient)
        add("from=", from)
        add("topic=", topic?.description)
        add("route=", route)
        add("error~", reason)
        add("subject~", subject)
        if !lastOutcomes.isEmpty {
            let names = AttemptTrace.Outcome.allCases.filter(lastOutcomes.contains).map(\.rawValue)
            add("last=", names.joined(separator: ","))
        }
        add("attempts>=", minimumAttempts.map(String.init))
        add("attempts<=", maximumAttempts.map(String.init))
        add("accepted<", acceptedBefore?.description)
        add("accepted>=", acceptedAfter?.description)
        return words.joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        "\"" + value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }
}
