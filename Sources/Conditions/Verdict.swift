import Messages

/// What a condition said of an envelope, and why.
public struct Verdict: Sendable, Hashable {
    /// What it said.
    public let outcome: MatchOutcome
    /// Why, in one line: `subject "Swift 6" matches /swift/i`, or `all of` for a group.
    public let reason: String
    /// What the parts of a group said.
    public let parts: [Verdict]

    /// Whether the condition holds.
    public var matches: Bool { outcome == .matches }

    /// Whether a regular expression was given up.
    public var exceededLimit: Bool {
        outcome == .limitExceeded || parts.contains { $0.exceededLimit }
    }

    /// What decided, in one line: the reasons of all parts that made the outcome, joined by `; `.
    public var summary: String {
        guard !parts.isEmpty else { return reason }
        let deciding = parts.filter { Self.decides($0, of: self) }
        return (deciding.isEmpty ? parts : deciding).map(\.summary).joined(separator: "; ")
    }

    private static func decides(_ part: Verdict, of whole: Verdict) -> Bool {
        whole.reason == noneOf || part.outcome == whole.outcome
    }

    static let allOf = "all of"
    static let anyOf = "any of"
    static let noneOf = "not"
}

extension Verdict: CustomStringConvertible {
    /// The tree, one line each, with `yes`, `no` or `gave up` before the reason.
    public var description: String { lines(depth: 0).joined(separator: "\n") }

    private func lines(depth: Int) -> [String] {
        let answer =
            switch outcome {
            case .matches: "yes"
            case .differs: "no"
            case .limitExceeded: "gave up"
            }
        let line = String(repeating: "  ", count: depth) + "\(answer): \(reason)"
        return [line] + parts.flatMap { $0.lines(depth: depth + 1) }
    }
}

extension Expression {
    /// Tests every part, also where the outcome is settled, so that a reader sees all that is wrong.
    func verdict(for envelope: Envelope) -> Verdict {
        switch self {
        case .test(let field, let predicate): return Self.verdict(field, predicate, envelope)
        case .all(let expressions) where expressions.isEmpty:
            return Verdict(outcome: .matches, reason: "there is no condition", parts: [])
        case .all(let expressions):
            let parts = expressions.map { $0.verdict(for: envelope) }
            return parts.count == 1
                ? parts[0] : Verdict(outcome: parts.all(\.outcome), reason: Verdict.allOf, parts: parts)
        case .any(let expressions):
            let parts = expressions.map { $0.verdict(for: envelope) }
            return Verdict(outcome: parts.any(\.outcome), reason: Verdict.anyOf, parts: parts)
        case .not(let expression):
            let part = expression.verdict(for: envelope)
            return Verdict(outcome: part.outcome.negated, reason: Verdict.noneOf, parts: [part])
        }
    }

    private static func verdict(_ field: Field, _ predicate: Predicate, _ envelope: Envelope) -> Verdict {
        let values = field.values(in: envelope)
        let outcome = predicate.test(values, isList: field.isList(in: envelope))
        let shown = values.prefix(5).map { value in
            if case .text(let text) = value { quoted(text) } else { value.text }
        }
        let subject = shown.isEmpty ? field.name : "\(field.name) \(shown.joined(separator: ", "))"
        let reason =
            switch (outcome, values.isEmpty) {
            case (.limitExceeded, _): "\(subject) was too much work for \(predicate.operand), given up"
            case (_, true): "\(field.name) is missing"
            case (let outcome, false): "\(subject) \(predicate.phrase(outcome == .matches))"
            }
        return Verdict(outcome: outcome, reason: reason, parts: [])
    }
}
