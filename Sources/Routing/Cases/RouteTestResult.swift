public import Configuration

/// What came of a case.
public struct RouteTestResult: Sendable {
    /// Something that is not as expected.
    public struct Difference: Sendable, Hashable {
        /// What: `to`, `absent`, `text`, `subject` or `dropped`, with the recipient where that matters.
        public var subject: String
        /// What was expected.
        public var expected: String
        /// What came.
        public var got: String
    }

    /// The case.
    public var test: RouteTest
    /// What is not as expected; empty when the case passed.
    public var differences: [Difference]
    /// What became of the message.
    public var plan: RoutePlan

    /// Whether everything is as expected.
    public var passed: Bool { differences.isEmpty }

    /// The failure as a diagnostic; `nil` when the case passed.
    public var diagnostic: Diagnostic? {
        guard !passed else { return nil }
        let facts = differences.map { "\($0.subject): expected \($0.expected), got \($0.got)" }
        return Diagnostic(
            at: test.position, keyPath: test.keyPath,
            "the test \(shown(test.name)) failed: \(facts.joined(separator: "; "))")
    }
}

extension RouteTestResult: CustomStringConvertible {
    /// The case in a line; when it failed, what was expected and what came, and what the stages did.
    public var description: String {
        let title = test.name == test.keyPath.description ? test.name : "\(test.keyPath): \(test.name)"
        var lines = ["\(test.position): \(title): \(passed ? "passed" : "failed")"]
        guard !passed else { return lines[0] }
        for difference in differences {
            lines += [
                "  \(difference.subject)", "    expected  \(difference.expected)", "    got       \(difference.got)",
            ]
        }
        lines.append("  trace")
        lines += plan.lines(indent: 4)
        return lines.joined(separator: "\n")
    }
}
