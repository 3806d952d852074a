import Messages

extension DispatchFilter {
    /// Tells whether a dispatch fits all conditions.
    public func fits(_ dispatch: DispatchSummary) -> Bool {
        (states.isEmpty || states.contains(dispatch.state))
            && (numbers.isEmpty || numbers.contains(dispatch.number))
            && (messages.isEmpty || messages.contains(dispatch.message))
            && (lastOutcomes.isEmpty || dispatch.lastOutcome.map(lastOutcomes.contains) ?? false)
            && fitsNumbers(dispatch) && fitsTexts(dispatch)
    }

    private func fitsNumbers(_ dispatch: DispatchSummary) -> Bool {
        (minimumAttempts.map { dispatch.attempts >= $0 } ?? true)
            && (maximumAttempts.map { dispatch.attempts <= $0 } ?? true)
            && (acceptedBefore.map { dispatch.accepted < $0 } ?? true)
            && (acceptedAfter.map { dispatch.accepted >= $0 } ?? true)
    }

    private func fitsTexts(_ dispatch: DispatchSummary) -> Bool {
        (recipient.map { Glob($0).matches(dispatch.recipient.description) } ?? true)
            && (from.map { Glob($0).matches(dispatch.from.description) } ?? true)
            && (topic?.matches(dispatch.topic) ?? true)
            && (route.map { $0 == dispatch.route.name } ?? true)
            && (reason.map { Self.contains(dispatch.reason, $0) } ?? true)
            && (subject.map { Self.contains(dispatch.subject, $0) } ?? true)
    }

    private static func contains(_ text: String?, _ part: String) -> Bool {
        text?.lowercased().contains(part.lowercased()) ?? false
    }
}

/// A text with holes: `*` stands for any characters, `?` for one.
struct Glob {
    private let pattern: [Character]

    init(_ pattern: String) {
        self.pattern = Array(pattern)
    }

    /// Greedy matching with one point to fall back to: quadratic at worst, whatever the pattern.
    func matches(_ text: String) -> Bool {
        let text = Array(text)
        var position = 0
        var current = 0
        var fallback: (pattern: Int, text: Int)?
        while current < text.count {
            if position < pattern.count, pattern[position] == "*" {
                fallback = (position, current)
                position += 1
            } else if position < pattern.count, pattern[position] == "?" || pattern[position] == text[current] {
                position += 1
                current += 1
            } else if let (star, start) = fallback {
                fallback = (star, start + 1)
                position = star + 1
                current = start + 1
            } else {
                return false
            }
        }
        return pattern[position...].allSatisfy { $0 == "*" }
    }
}
