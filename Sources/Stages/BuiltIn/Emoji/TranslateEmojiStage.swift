public import Configuration
public import Messages

/// Translates between emoji and their names.
public struct TranslateEmojiStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "translate_emoji", .choice(EmojiTranslator.Direction.allCases.map(\.rawValue)), isRequired: true,
                """
                `emoji` writes 😄 for `:smile:`, `names` the other way round, with the names that Slack, GitHub and others \
                have. Names that nobody knows stay, and so do code and links.
                """,
                example: "emoji"),
            summary: "translates between emoji and their names",
            example: StageExample(
                "{translate_emoji: emoji}", before: ["text": "Done :tada: by 10:30:20 :wave::skin-tone-3:"],
                .passes(["text": "Done 🎉 by 10:30:20 👋🏼"])))
    }

    private let translator: EmojiTranslator

    /// Makes the stage.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let direction = EmojiTranslator.Direction(rawValue: arguments.value.string ?? "") ?? .emoji
        translator = EmojiTranslator(direction: direction)
    }

    /// Translates the subject and every text.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var changed = envelope
        changed.subject = envelope.subject.map { translator.translate($0, as: .plain) }
        for (index, part) in envelope.parts.enumerated() where part.type == .text {
            guard case .text(let text, let format) = part.content else { continue }
            changed.parts[index].content = .text(translator.translate(text, as: format), format: format)
        }
        return .pass(changed)
    }
}
