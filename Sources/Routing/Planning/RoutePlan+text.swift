import Messages

extension RoutePlan {
    /// The plan as lines: each dispatch, why it exists, and what the stages did.
    func lines(indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        guard !dispatches.isEmpty else {
            return [margin + (matchCount == 0 ? "nowhere" : "nowhere: the routes it takes name no address")]
        }
        return dispatches.flatMap { dispatch in
            ["\(margin)\(dispatch.recipient)  by \(dispatch.route.shownText)"]
                + dispatch.notes.flatMap { $0.lines(margin: margin + "  ") }
        }
    }
}

extension StepNote {
    /// The note as lines, the changes below one another.
    func lines(margin: String) -> [String] {
        guard let first = changes.first else { return ["\(margin)\(stage)  no change"] }
        let gap = String(repeating: " ", count: stage.count + 2)
        return ["\(margin)\(stage)  \(first)"] + changes.dropFirst().map { margin + gap + $0 }
    }
}
