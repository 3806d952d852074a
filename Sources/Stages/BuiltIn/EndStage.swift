import Conditions
public import Configuration
public import Messages

/// Ends the way of a message.
public struct EndStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "end", .oneOf([.string, .object(ReasonSettings.schema)]), isRequired: true,
                """
                The reason, a template, which the trace shows; or a mapping with `reason` and `where`. The message is dropped \
                here: it has taken the route, goes to nobody by it, and does not bounce.
                """,
                example: "{reason: \"nobody reads {{from}}\", where: {sender.auto: true}}"),
            summary: "ends the way of a message, with a reason",
            example: StageExample(
                "{end: {reason: \"no reading for {{from.user}}\", where: {subject: /unsubscribe/i}}}",
                before: ["subject": "Unsubscribe me"], .drops(reason: "no reading for ann@example.org")))
    }

    private let settings: ReasonSettings

    /// Makes the stage; faults in the template and the conditions are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        guard let settings = ReasonSettings(arguments, diagnostics: &diagnostics) else { return nil }
        self.settings = settings
    }

    /// Ends the message, if the conditions hold.
    ///
    /// - Throws: ``StageError/condition(_:)`` when a regular expression is given up, and what a template throws.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        guard try settings.apply(to: envelope) else { return .pass(envelope) }
        return .drop(reason: try settings.text(for: envelope, context: context))
    }
}
