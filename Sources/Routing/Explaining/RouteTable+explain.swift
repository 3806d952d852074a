import Conditions
public import Messages
public import Stages

extension RouteTable {
    /// Tells for every route why the message takes it or not, and what becomes of the message.
    public func explain(_ envelope: Envelope, context: StageContext) -> Explanation {
        var stoppedBy: RouteOrigin?
        let lines = routes.map { route in
            let verdict = Self.verdict(of: route, on: envelope, stoppedBy: stoppedBy)
            if case .taken = verdict, route.stops { stoppedBy = route.origin }
            return Explanation.Line(route: route.origin, patterns: route.patterns, verdict: verdict)
        }
        return Explanation(envelope: envelope, routes: lines, plan: plan(for: envelope, context: context))
    }

    private static func verdict(
        of route: Route, on envelope: Envelope, stoppedBy: RouteOrigin?
    ) -> Explanation.Verdict {
        guard let pattern = route.patterns.first(where: { $0.matches(envelope.topic) }) else { return .otherTopic }
        if let stoppedBy { return .notReached(stoppedBy: stoppedBy) }
        if let exclusion = route.exclusions.first(where: { $0.matches(envelope.topic) }) {
            return .excluded(pattern: pattern, by: exclusion)
        }
        guard route.condition != .always else { return .taken(pattern: pattern, reason: nil) }
        let verdict = route.condition.evaluate(envelope)
        return verdict.matches
            ? .taken(pattern: pattern, reason: verdict.summary) : .condition(pattern: pattern, reason: verdict.summary)
    }
}
