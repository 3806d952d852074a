public import Messages
import Stages

extension RouterConfiguration {
    /// Runs the cases of the file; no network and no disk is needed.
    public func runTests(now: Timestamp) -> [RouteTestResult] {
        tests.map { test in
            let plan = table.plan(for: test.envelope, context: StageContext(now: now, router: router.name))
            return RouteTestResult(
                test: test, differences: RouteTestJudge(test: test, plan: plan).differences, plan: plan)
        }
    }
}

/// Compares what became of a message with what was expected.
private struct RouteTestJudge {
    let test: RouteTest
    let plan: RoutePlan

    private var delivered: [PlannedDispatch] { plan.dispatches.filter { $0.outcome == .deliver } }

    var differences: [RouteTestResult.Difference] {
        recipients + absent + drops
            + contents("text", test.expectation.text, \.text)
            + contents("subject", test.expectation.subject) { $0.subject ?? "" }
    }

    private var recipients: [RouteTestResult.Difference] {
        guard let expected = test.expectation.recipients else { return [] }
        let got = delivered.map(\.recipient)
        guard Set(expected) != Set(got) else { return [] }
        return [difference("to", list(expected), list(got))]
    }

    private var absent: [RouteTestResult.Difference] {
        let reached = test.expectation.absent.filter { address in delivered.contains { $0.recipient == address } }
        return reached.isEmpty ? [] : [difference("absent", "no message to \(list(reached))", "one")]
    }

    private var drops: [RouteTestResult.Difference] {
        guard let drop = test.expectation.drop else { return [] }
        let reasons = plan.dispatches.compactMap { dispatch in
            if case .drop(let reason) = dispatch.outcome { reason } else { nil }
        }
        let got = reasons.isEmpty ? "none" : reasons.map { shown($0, limit: 200) }.joined(separator: ", ")
        switch drop {
        case .never: return reasons.isEmpty ? [] : [difference("dropped", "none", got)]
        case .always: return reasons.isEmpty ? [difference("dropped", "for any reason", got)] : []
        case .reason(let text):
            let isThere = reasons.contains { $0.contains(text) }
            return isThere ? [] : [difference("dropped", "for a reason with \(shown(text)) in it", got)]
        }
    }

    /// Copies are as they were at their `tap`, so they are not compared.
    private func contents(
        _ name: String, _ expected: String?, _ content: (Envelope) -> String
    ) -> [RouteTestResult.Difference] {
        guard let expected else { return [] }
        let messages = delivered.filter { $0.route.name != "tap" || $0.route.location == nil }
        guard !messages.isEmpty else { return [difference(name, shown(expected, limit: 500), "no message")] }
        return messages.compactMap { dispatch in
            let got = content(dispatch.envelope ?? test.envelope)
            guard got != expected else { return nil }
            return difference("\(name) to \(dispatch.recipient)", shown(expected, limit: 500), shown(got, limit: 500))
        }
    }

    private func difference(_ subject: String, _ expected: String, _ got: String) -> RouteTestResult.Difference {
        RouteTestResult.Difference(subject: subject, expected: expected, got: got)
    }

    private func list(_ addresses: [Address]) -> String {
        addresses.isEmpty ? "nobody" : Set(addresses).sorted().map(\.description).joined(separator: ", ")
    }
}
