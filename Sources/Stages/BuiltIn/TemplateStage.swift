public import Configuration
public import Messages

/// Writes the text, the subject or both anew.
public struct TemplateStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "template", .oneOf([.string, .object(schema)]), isRequired: true,
                """
                The text, with variables such as `{{subject}}` in it; or a mapping with `subject`, `text` and `format`. \
                Values are inserted raw: what a sender wrote is neither escaped nor quoted. The text keeps its format \
                unless `format` gives another.
                """,
                example: "\"*{{subject}}*\\n{{text | truncate:200}}\""),
            summary: "writes the text or the subject anew from a template",
            example: StageExample(
                "{template: \"*{{subject | default:'News'}}*\\n{{text}}\"}",
                before: ["subject": "Swift 6.3", "text": "Out now"], .passes(["text": "*Swift 6.3*\nOut now"])))
    }

    private static var schema: SettingsSchema {
        [
            Setting(
                "subject", .string, "The template of the subject; line breaks in it become spaces.",
                example: "\"{{topic.class}}\""),
            Setting("text", .string, "The template of the text.", example: "\"{{text | trim}}\""),
            Setting(
                "format", .choice(TextFormat.allCases.map(\.rawValue)), "How the text is to be read from here on.",
                example: "markdown"),
        ]
    }

    private let subject: Template?
    private let text: Template?
    private let format: TextFormat?

    /// Makes the stage; faults in the templates are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let (value, node) = (arguments.value, arguments.node)
        guard let settings = value.object else {
            let text = Template.parse(value.string ?? "", node: node, at: value.keyPath, diagnostics: &diagnostics)
            guard let text else { return nil }
            (self.subject, self.text, self.format) = (nil, text, nil)
            return
        }
        var isSound = true
        func template(_ name: String, _ diagnostics: inout Diagnostics) -> Template? {
            guard let text = settings.stringIfGiven(name) else { return nil }
            let keyPath = settings.keyPath(of: name)
            let template = Template.parse(text, node: node[name] ?? node, at: keyPath, diagnostics: &diagnostics)
            if template == nil { isSound = false }
            return template
        }
        subject = template("subject", &diagnostics)
        text = template("text", &diagnostics)
        format = settings.stringIfGiven("format").flatMap(TextFormat.init(rawValue:))
        if settings.stringIfGiven("subject") == nil, settings.stringIfGiven("text") == nil, format == nil {
            diagnostics.error("expected subject, text or format in it", at: value.position, keyPath: value.keyPath)
            isSound = false
        }
        if !isSound { return nil }
    }

    /// Renders the templates, both from the message as it came.
    ///
    /// - Throws: ``StageError/tooLarge(limit:)``.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var changed = envelope
        if let subject {
            EnvelopeChange.subject(try subject.render(envelope, context: context)).apply(to: &changed)
        }
        if let text {
            changed.setText(try text.render(envelope, context: context), format: format)
        } else if let format {
            changed.setText(envelope.text, format: format)
        }
        return .pass(changed)
    }
}
