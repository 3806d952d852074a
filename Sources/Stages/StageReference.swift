import Configuration
import Messages

/// The reference of the stages, made from their declarations.
public enum StageReference {
    /// The section in Markdown: every stage with its settings and example, then templates and fields.
    public static func markdown(_ registry: StageRegistry) -> String {
        var parts = [introduction]
        for declaration in registry.declarations { parts.append(stage(declaration)) }
        parts += [variables, filters, fields]
        return parts.joined(separator: "\n\n")
    }

    private static var introduction: String {
        """
        ## Stages: `stages` and `via`

        A stage changes a message on its way, copies it, drops it or holds it. `via` lists the stages of a route in their
        order: each is a mapping with one key, as in `{truncate: 280}`, or the name of a list under `stages`. Beside that key
        may stand:

        \(table(StageModifiers.schema))
        """
    }

    private static func table(_ schema: SettingsSchema) -> String {
        var table = schema.markdown()
        while table.last == "\n" { table.removeLast() }
        return table
    }

    private static func stage(_ declaration: StageDeclaration) -> String {
        """
        ### `\(declaration.name)`: \(declaration.summary)

        \(table(SettingsSchema([declaration.setting])))

        ```yaml
        via: [\(declaration.example.element)]
        ```

        \(files(of: declaration.example))\(effect(of: declaration.example))
        """
    }

    private static func files(of example: StageExample) -> String {
        example.files.map { "The file `\($0)`:\n\n```\n\($1)\($1.hasSuffix("\n") ? "" : "\n")```\n\n" }.joined()
    }

    private static func effect(of example: StageExample) -> String {
        let format = example.format == .plain ? "" : " in \(example.format == .html ? "HTML" : "Markdown")"
        let before = fields(example.before) + format
        switch example.effect {
        case .passes(let after): return "A message with \(before) goes on with \(fields(after))."
        case .splits(let texts):
            let list = texts.map(ShownText.quoted).joined(separator: " and ")
            return "A message with \(before) becomes \(texts.count) messages, with `text` \(list)."
        case .holds(let reason): return "A message with \(before) is held: \(reason)."
        case .drops(let reason): return "A message with \(before) is dropped: \(reason)."
        case .copies(let address): return "A message with \(before) goes on as it is, and a copy goes to `\(address)`."
        }
    }

    private static func fields(_ fields: KeyValuePairs<String, String>) -> String {
        fields.map { $1.isEmpty ? "no `\($0)`" : "`\($0)` \(ShownText.quoted($1))" }.joined(separator: " and ")
    }

    private static var variables: String {
        var rows = TemplateVariable.named.map { "| `{{\($0.name)}}` | \($0.prose) |" }
        rows.append("| `{{meta.NAME}}` | a fact from the adapter; dots lead into nested objects |")
        rows.append("| `{{headers.NAME}}` | a field of the platform's own header, in any case |")
        return """
            ### Templates

            A template is a text with variables in double braces. What a message does not have is empty. Values are inserted
            raw: what a sender wrote is neither escaped nor quoted. `{{"{{"}}` makes two braces.

            | variable | stands for |
            | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }

    private static var filters: String {
        let rows = TemplateFilter.declared.map { "| `\($0.example)` | \($0.prose) |" }
        return """
            Filters follow a variable, each after a `|`, and work from left to right:
            `{{meta.summary | default:"none" | truncate:80}}`.

            | filter | what it does |
            | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }

    private static var fields: String {
        var rows = EnvelopeField.named.map { "| `\($0.name)` | \($0.prose) |" }
        rows.append("| `meta.NAME` | a fact for stages, conditions and adapters; dots make nested objects |")
        rows.append("| `headers.NAME` | one line |")
        return """
            ### Fields of `set`

            | field | value |
            | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
