public import Configuration
import Markup
public import Messages

/// Takes the quoted history and the signature out of mails.
public struct StripQuotesStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "strip_quotes", .object(schema), default: "{}",
                """
                Takes the mail that is answered out of the text: what stands behind `>`, below `On Monday Ann wrote:`, \
                `-----Original Message-----` or the header that Outlook writes, in many languages. Quotes between which \
                somebody answers stay, so do mails that are passed on, and it never leaves nothing. HTML from which \
                something is taken goes on as Markdown.
                """,
                example: "{signatures: false}"),
            summary: "takes the quoted history and the signature out of mails",
            example: StageExample(
                "strip_quotes",
                before: [
                    "text":
                        "Yes, Friday is fine.\n\nAm Mo., 5. Jan. 2026 um 10:15 schrieb Ann <ann@example.org>:\n> Friday?"
                ],
                .passes(["text": "Yes, Friday is fine."])))
    }

    private static var schema: SettingsSchema {
        [
            Setting(
                "signatures", .boolean, default: "true",
                "Whether signatures go too: what stands below a line of two dashes, and `Sent from my …`.")
        ]
    }

    private let stripper: QuoteStripper

    /// Makes the stage.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        stripper = QuoteStripper(removesSignatures: arguments.value.object?.boolean("signatures") ?? true)
    }

    /// Strips every text.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var changed = envelope
        for (index, part) in envelope.parts.enumerated() where part.type == .text {
            guard case .text(let text, let format) = part.content else { continue }
            if format == .html {
                changed.parts[index].content = html(text)
            } else {
                changed.parts[index].content = .text(stripper.strip(text, format: format), format: format)
            }
        }
        return .pass(changed)
    }

    private func html(_ text: String) -> PartContent {
        guard let root = HTMLReader().read(text) else { return .text(text, format: .html) }
        let whole = HTMLText.markdown(of: root)
        let pruned = HTMLQuotes.pruned(root, removesSignatures: stripper.removesSignatures)
        var rest = HTMLText.markdown(of: pruned)
        if rest.allSatisfy(\.isWhitespace) { rest = whole }
        let stripped = stripper.strip(rest, format: .markdown)
        return stripped == whole ? .text(text, format: .html) : .text(stripped, format: .markdown)
    }
}
