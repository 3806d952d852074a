import Messages

extension Explanation {
    /// The explanation for a terminal, each line at most `width` characters unless a single word is longer.
    ///
    /// - Parameters:
    ///   - width: the width of the terminal.
    ///   - includesOtherTopics: whether routes for other topics are listed or only counted.
    /// - Returns: the text, with a line break at its end.
    public func text(width: Int = 80, includesOtherTopics: Bool = true) -> String {
        let lines = head + [""] + routeLines(includesOtherTopics) + [""] + planLines
        return lines.flatMap { Self.wrapped($0, width: width) }.joined(separator: "\n") + "\n"
    }

    private var head: [String] {
        var lines = ["\(envelope.topic)", "  from \(envelope.from)"]
        if !envelope.to.isEmpty { lines.append("  to \(envelope.to.map(\.description).joined(separator: ", "))") }
        if let subject = envelope.subject { lines.append("  subject \(shown(subject))") }
        return lines
    }

    // MARK: Routes

    private func routeLines(_ includesOtherTopics: Bool) -> [String] {
        guard !routes.isEmpty else { return ["There are no routes."] }
        var lines = ["Routes"]
        var others = 0
        for line in routes {
            if line.verdict == .otherTopic, !includesOtherTopics {
                others += 1
            } else {
                lines += ["  \(line.verdict.mark) \(line.route.shownText)", "      \(line.reason)"]
            }
        }
        if others > 0 { lines.append("  - \(others) \(others == 1 ? "route" : "routes") for other topics") }
        return lines
    }

    // MARK: Recipients

    private var planLines: [String] {
        guard !plan.dispatches.isEmpty else { return ["Goes nowhere: the routes it takes name no address"] }
        return ["Goes to"]
            + plan.dispatches.flatMap { dispatch in
                ["  \(dispatch.recipient)\(dispatch.outcome.remark), by \(dispatch.route.shownText)"]
                    + dispatch.outcome.reason.map { "    because \($0)" }
                    + dispatch.notes.flatMap { $0.lines(margin: "    ") }
            }
    }

    // MARK: Width

    /// Breaks a line at spaces; what follows is indented by two more than the line.
    private static func wrapped(_ line: String, width: Int) -> [String] {
        guard line.count > width else { return [line] }
        let margin = String(line.prefix { $0 == " " })
        var lines: [String] = []
        var current = margin
        var isEmpty = true
        for word in line.dropFirst(margin.count).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, current.count + 1 + word.count > width {
                lines.append(current)
                current = margin + "  "
                isEmpty = true
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [current]
    }
}

extension Explanation.Verdict {
    /// `+` for a route that is taken, `-` for one that is not, `.` for one that is not looked at.
    fileprivate var mark: String {
        switch self {
        case .taken: "+"
        case .otherTopic, .excluded, .condition: "-"
        case .notReached: "."
        }
    }
}

extension Explanation.Line {
    /// Why the verdict is as it is.
    var reason: String {
        switch verdict {
        case .taken(let pattern, let reason): "the topic fits \(pattern)" + (reason.map { "; \($0)" } ?? "")
        case .otherTopic: "the topic does not fit \(patterns.map(\.description).joined(separator: " or "))"
        case .excluded(let pattern, let exclusion):
            "the topic fits \(pattern), but also \(exclusion), which is excepted"
        case .condition(let pattern, let reason): "the topic fits \(pattern), but \(reason)"
        case .notReached(let origin): "not looked at: \(origin.shownText) stops"
        }
    }
}

extension PlannedDispatch.Outcome {
    /// Why it is not delivered, if it is not; one line or none.
    var reason: [String] {
        switch self {
        case .deliver: []
        case .drop(let reason), .hold(let reason, _, _): [reason]
        }
    }

    /// The outcome behind a recipient: nothing for a delivery.
    var remark: String {
        switch self {
        case .deliver: ""
        case .drop: " (dropped)"
        case .hold: " (held)"
        }
    }
}
