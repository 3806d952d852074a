import Conditions
public import Configuration
public import Messages

/// Passes the messages on which conditions hold, and drops the rest.
public struct FilterStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "filter", .any, isRequired: true,
                """
                Conditions as in `where`; all of them must hold. Unlike `where` it sees what the stages before it made of the \
                message, and a message that it drops has taken the route: it is not unrouted, and its trace names the \
                condition. A message on which a regular expression takes too many steps is held.
                """,
                example: "{subject: /swift/i}"),
            summary: "passes what fits conditions, and drops the rest",
            example: StageExample(
                "{filter: {subject: /swift/i}}", before: ["subject": "Rust 2.0"],
                .drops(reason: "subject \"Rust 2.0\" does not match /swift/i")))
    }

    private let condition: Condition

    /// Makes the stage; faults in the conditions are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let keyPath = arguments.value.keyPath
        guard let condition = Condition(arguments.node, at: keyPath, diagnostics: &diagnostics) else { return nil }
        self.condition = condition
    }

    /// Passes or drops the message; the reason names what did not hold.
    ///
    /// - Throws: ``StageError/condition(_:)`` when a regular expression is given up.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        switch condition.outcome(for: envelope) {
        case .matches: .pass(envelope)
        case .differs: .drop(reason: condition.evaluate(envelope).summary)
        case .limitExceeded: throw .condition(condition.evaluate(envelope).summary)
        }
    }
}
