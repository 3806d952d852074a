public import Configuration
public import Messages

/// Takes secrets, card numbers and the like out of texts.
public struct RedactStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        let kinds = RedactedKind.allCases.map(\.rawValue)
        return StageDeclaration(
            setting: Setting(
                "redact", .oneOf([.choice(kinds), .list(of: .choice(kinds)), .object(schema(kinds))]),
                default: "[\(RedactedKind.usual.map(\.rawValue).joined(separator: ", "))]",
                """
                What is taken out of the subject and the text: `secrets` (passwords, keys, tokens), `cards` (with the check of \
                Luhn), `emails`, `ibans` (with their check digits), `phones`; or a mapping. Placeholders take their place. \
                The trace counts them and shows nothing of the text; a stage before this one may have shown a little of it \
                in its trace, so put it first.
                """,
                example: "[secrets, cards, ibans]"),
            summary: "takes secrets, card numbers, e-mail addresses and account numbers out of the text",
            example: StageExample(
                "{redact: [secrets, cards]}",
                before: ["text": "Card 4111 1111 1111 1111, password: hunter2, order 4711"],
                .passes(["text": "Card [card number], password: [secret], order 4711"])))
    }

    private static func schema(_ kinds: [String]) -> SettingsSchema {
        [
            Setting(
                "kinds", .list(of: .choice(kinds)),
                default: "[\(RedactedKind.usual.map(\.rawValue).joined(separator: ", "))]",
                range: SettingRange(1...10), "What is taken out."),
            Setting(
                "with", .string, range: SettingRange(0...100),
                "What takes the place of everything; unless given, `[card number]` and so on by the kind.",
                example: "\"***\""),
        ]
    }

    private let kinds: [RedactedKind]
    private let replacement: String?

    /// The old text must not be seen.
    public let concealedFields: Set<String> = ["text", "subject"]

    /// Makes the stage; an empty list is reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let settings = arguments.value.object
        let list = settings?.list("kinds") ?? arguments.value.list ?? [arguments.value]
        kinds = list.compactMap { RedactedKind(rawValue: $0.string ?? "") }
        replacement = settings?.stringIfGiven("with")
        guard kinds.isEmpty else { return }
        diagnostics.error(
            "expected at least one kind in the list", at: arguments.value.position, keyPath: arguments.value.keyPath)
        return nil
    }

    /// Redacts the subject and every text.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var redaction = Redaction(kinds: kinds, replacement: replacement)
        var changed = envelope
        changed.subject = envelope.subject.map { redaction.text($0) }
        for (index, part) in envelope.parts.enumerated() where part.type == .text {
            guard case .text(let text, let format) = part.content else { continue }
            changed.parts[index].content = redaction.part(text, format)
        }
        guard let summary = redaction.summary else { return .pass(envelope) }
        return .pass(changed, notes: ["took out \(summary)"])
    }
}
