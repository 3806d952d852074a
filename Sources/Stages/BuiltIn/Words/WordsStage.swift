public import Configuration
import Markup
public import Messages

/// Finds sensitive words, and masks them, or ends, holds or marks the message.
public struct WordsStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "words", .object(schema), isRequired: true,
                """
                Words, and what becomes of a message that has one in its subject or text. Upper and lower case, full and \
                half width and invisible characters make no difference. Traces name the words, and show nothing else of \
                the text.
                """,
                example: "{list: [sekrit, 敏感词], action: mask}"),
            summary: "finds sensitive words, and masks them or stops the message",
            example: StageExample(
                "{words: {list: [darn, 敏感词]}}",
                before: ["subject": "D a r n!", "text": "这是敏 感 词, and darned is another word. ＤＡＲＮ"],
                .passes(["subject": "*******!", "text": "这是*****, and darned is another word. ****"])))
    }

    private static var schema: SettingsSchema {
        [
            Setting(
                "list", .list(of: .string), range: SettingRange(1...100_000), "The words.", example: "[darn, 敏感词]"),
            Setting(
                "file", .path,
                """
                A file of words, one a line; lines that begin with # do not count. It is read again when it changes. A \
                million words are no trouble.
                """, example: "words.txt"),
            Setting(
                "action", .choice(WordsAction.allCases.map(\.rawValue)), default: "mask",
                """
                `mask` puts signs in the place of the words, `drop` ends the message, `hold` lets a person decide, `flag` \
                only puts the words found into `meta.words`.
                """),
            Setting(
                "mask", .string, default: "*", range: SettingRange(0...20), "What stands for each character of a word."),
            Setting(
                "whole_words", .boolean, default: "true",
                """
                Whether a word must stand by itself in scripts that part words by spaces: `ass` is then not found in \
                `class`. In Chinese, Japanese and the like words are found anywhere.
                """),
            Setting(
                "ignore_spaces", .boolean, default: "true",
                """
                Whether up to three spaces and signs such as `*`, `.` and `-` between characters do not count. Letters must \
                stand alone for that: `d a r n` is found, `dar ness` is not `darness`.
                """),
            Setting(
                "table", .path,
                """
                A file of characters that count as the same, two in each line, such as OpenCC's `TSCharacters.txt` for \
                traditional and simplified Chinese.
                """, example: "TSCharacters.txt"),
        ]
    }

    private let list: WordList
    private let action: WordsAction
    private let mask: String

    /// The old text would give the words away in their sentence.
    public let concealedFields: Set<String> = ["text", "subject"]

    /// Makes the stage; files that cannot be read and words that are too long are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        guard let settings = arguments.value.object,
            let list = WordList(settings, arguments.surroundings.files, diagnostics: &diagnostics)
        else { return nil }
        self.list = list
        action = WordsAction(rawValue: settings.string("action")) ?? .mask
        mask = settings.string("mask")
    }

    /// Looks for the words.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var search = WordSearch(list: list, mask: action == .mask ? mask : nil)
        var changed = envelope
        changed.subject = envelope.subject.map { search.text($0) }
        for (index, part) in envelope.parts.enumerated() where part.type == .text {
            guard case .text(let text, let format) = part.content else { continue }
            changed.parts[index].content = search.part(text, format)
        }
        guard search.count > 0 else { return .pass(envelope) }
        switch action {
        case .mask: return .pass(changed, notes: ["masked \(search.shownText)"])
        case .drop: return .drop(reason: "found \(search.shownText)")
        case .hold: return .hold(reason: "found \(search.shownText)", until: nil)
        case .flag:
            var flagged = envelope
            flagged.meta["words"] = .array(search.words.map { .string($0) })
            return .pass(flagged, notes: ["found \(search.shownText)"])
        }
    }
}

/// What becomes of a message with a word of the list.
private enum WordsAction: String, CaseIterable {
    case mask, drop, hold, flag
}
