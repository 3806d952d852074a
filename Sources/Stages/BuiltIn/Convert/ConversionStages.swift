public import Configuration
public import Messages

/// Turns every text into Markdown.
public struct MarkdownStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "markdown", .object([]), default: "{}",
                "Texts in HTML become Markdown; of plain text what would be markup is escaped. It has no settings.",
                example: "{}"),
            summary: "turns every text into Markdown",
            example: StageExample(
                "markdown", before: ["text": "<p>It is <b>out</b>: <a href=\"https://example.org/\">notes</a></p>"],
                format: .html, .passes(["text": "It is **out**: [notes](https://example.org/)"])))
    }

    /// Makes the stage.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {}

    /// Turns the texts.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        .pass(TextConversion.convert(envelope, to: .markdown))
    }
}

/// Turns every text into HTML that is safe to show.
public struct HTMLStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "html", .object([]), default: "{}",
                """
                Markdown is read as CommonMark with GitHub's tables, and raw HTML in it is left out. HTML is read and written \
                anew, so that scripts, styles, forms and broken tags do not go on. It has no settings.
                """, example: "{}"),
            summary: "turns every text into HTML that is safe to show",
            example: StageExample(
                "html", before: ["text": "It is **out** <script>alert(1)</script>"], format: .markdown,
                .passes(["text": "<p>It is <strong>out</strong> alert(1)</p>\n"])))
    }

    /// Makes the stage.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {}

    /// Turns the texts.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        .pass(TextConversion.convert(envelope, to: .html))
    }
}

/// Turns every text into plain text.
public struct PlainStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "plain", .object([]), default: "{}",
                """
                Markdown and HTML become text that is read without a program: lists have bullets, links stand as \
                `text (target)`. It has no settings.
                """, example: "{}"),
            summary: "turns every text into plain text",
            example: StageExample(
                "plain", before: ["text": "It is **out**: [notes](https://example.org/)"], format: .markdown,
                .passes(["text": "It is out: notes (https://example.org/)"])))
    }

    /// Makes the stage.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {}

    /// Turns the texts.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        .pass(TextConversion.convert(envelope, to: .plain))
    }
}
