import Conditions
public import Configuration
public import Messages

/// Holds a message until a person lets it go on.
public struct HoldStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "hold", .oneOf([.string, .object(schema)]), isRequired: true,
                """
                The reason, a template, which whoever decides sees; or a mapping with `reason`, `where` and `for`. The \
                message goes on with the next stage when somebody releases it (`postroad spool release`).
                """,
                example: "{reason: \"a large order\", where: {meta.total: \"> 1000\"}, for: 2d}"),
            summary: "holds a message until a person lets it go on",
            example: StageExample(
                "{hold: \"look at it first: {{subject}}\"}", before: ["subject": "Press release"],
                .holds(reason: "look at it first: Press release")))
    }

    private static var schema: SettingsSchema {
        ReasonSettings.schema.adding([
            Setting(
                "for", .duration, range: SettingRange("1s", "365d"),
                "The message goes on by itself after this time; without it, only when somebody says so.", example: "2d")
        ])
    }

    private let settings: ReasonSettings
    private let duration: Duration?

    /// Makes the stage; faults in the template and the conditions are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        guard let settings = ReasonSettings(arguments, diagnostics: &diagnostics) else { return nil }
        self.settings = settings
        duration = arguments.value.object?.durationIfGiven("for")
    }

    /// Holds the message, if the conditions hold.
    ///
    /// - Throws: ``StageError/condition(_:)`` when a regular expression is given up, and what a template throws.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        guard try settings.apply(to: envelope) else { return .pass(envelope) }
        let reason = try settings.text(for: envelope, context: context)
        return .hold(reason: reason, until: duration.map { context.now + $0 })
    }
}
