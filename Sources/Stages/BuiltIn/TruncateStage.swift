public import Configuration
public import Messages

/// Cuts a long text.
public struct TruncateStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "truncate", .oneOf([.integer, .object(schema)]), isRequired: true,
                """
                The most characters of the text, or a mapping with `length` and `ellipsis`. Characters are counted as a \
                reader counts them, and none is broken. In Markdown no link and no code span is cut in two, and a code \
                fence that is cut is closed; in HTML no tag is. The text of all text parts counts as one.
                """,
                example: "280"),
            summary: "cuts a long text",
            example: StageExample(
                "{truncate: 24}", before: ["text": "The release is out; see the notes"],
                .passes(["text": "The release is out; see…"])))
    }

    private static let lengths = SettingRange(1...100_000)

    private static var schema: SettingsSchema {
        [
            Setting(
                "length", .integer, isRequired: true, range: lengths, "The most characters, the ellipsis included.",
                example: "280"),
            Setting("ellipsis", .string, default: "…", range: SettingRange(0...100), "What stands for the rest."),
        ]
    }

    private let textCut: TextCut

    /// Makes the stage; an ellipsis that leaves no room for text is reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let settings = arguments.value.object
        let length = settings?.integer("length") ?? arguments.value.integer ?? 0
        let ellipsis = settings?.string("ellipsis") ?? "…"
        let (position, keyPath) = (arguments.value.position, arguments.value.keyPath)
        guard (1...100_000).contains(length) else {
            diagnostics.error("expected \(Self.lengths), got \(length)", at: position, keyPath: keyPath)
            return nil
        }
        guard ellipsis.count < length else {
            diagnostics.error(
                "an ellipsis of \(ellipsis.count) characters leaves no room in \(length)", at: position,
                keyPath: keyPath)
            return nil
        }
        textCut = TextCut(length: length, ellipsis: ellipsis)
    }

    /// Cuts the text, if it is too long.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        guard let cut = textCut.cut(envelope.text, as: envelope.textFormat) else { return .pass(envelope) }
        var changed = envelope
        changed.setText(cut)
        return .pass(changed)
    }
}

extension Envelope {
    /// The format of the first text part; plain without one.
    var textFormat: TextFormat {
        for case .text(_, let format) in parts.lazy.filter({ $0.type == .text }).map(\.content) { return format }
        return .plain
    }
}
