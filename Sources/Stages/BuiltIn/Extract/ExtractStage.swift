import Conditions
public import Configuration
public import Messages

/// Finds values in a message, and puts them among its facts.
public struct ExtractStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "extract", .object(schema), isRequired: true,
                """
                Where to look, what for, and where it goes. What is found becomes facts under `meta`, for templates, \
                conditions and the stages that follow.
                """,
                example: "{from: text, regex: \"/order #(?<order>\\\\d+)/i\"}"),
            summary: "finds values in the message by a regular expression or a JSON path, and keeps them in `meta`",
            example: StageExample(
                "{extract: {regex: '/order #(?<order>\\d+)/i'}}", before: ["text": "Where is order #4711?"],
                .passes(["meta.order": "4711"])))
    }

    private static var schema: SettingsSchema {
        [
            Setting(
                "from", .string, default: "text",
                "Where to look: a field as `set` names it, or `data` for the value of the first data part.",
                example: "subject"),
            Setting(
                "regex", .string,
                """
                A regular expression in Perl's syntax, with or without slashes. What its named groups hold, \
                `(?<order>…)`, becomes facts of their names; the first place where it is found counts.
                """,
                example: "\"/order #(?<order>\\\\d+)/i\""),
            Setting(
                "json", .map(of: .string), range: SettingRange(1...100),
                """
                Facts and the JSON paths that lead to them, in a field that holds JSON: names, indexes, slices, `*` and \
                `..`. A path that can lead to several values gives a list.
                """,
                example: "{title: $.issue.title, labels: \"$.issue.labels[*].name\"}"),
            Setting(
                "into", .string, default: "meta", "What the facts are put into: `meta`, or an object in it.",
                example: "meta.issue"),
            Setting(
                "missing", .choice(["pass", "drop", "hold"]), default: "pass",
                "What becomes of a message in which nothing is found."),
        ]
    }

    private let source: ExtractionSource
    private let search: ExtractionSearch
    private let target: [String]
    private let missing: String

    /// Makes the stage; what is wrong with the expression, a path or a name is reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        guard let settings = arguments.value.object else { return nil }
        let source = ExtractionSource(settings, diagnostics: &diagnostics)
        let search = ExtractionSearch(settings, arguments.node, diagnostics: &diagnostics)
        let into = settings.string("into")
        let target = into == "meta" ? [] : into.hasPrefix("meta.") ? MetaPath.parse(into.dropFirst(5)) : nil
        if target == nil {
            diagnostics.error(
                "expected meta, or meta. and a name, got \(ShownText.quoted(into))", at: settings.position(of: "into"),
                keyPath: settings.keyPath(of: "into"))
        }
        guard let source, let search, let target else { return nil }
        (self.source, self.search, self.target) = (source, search, target)
        missing = settings.string("missing")
    }

    /// Looks for the values.
    ///
    /// - Throws: ``StageError/condition(_:)`` when the regular expression is given up, ``StageError/failed(_:)`` when a
    ///   path leads to too many values.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        let found = try source.value(in: envelope).map { value throws(StageError) in try search.facts(in: value) } ?? []
        guard !found.isEmpty else {
            let reason = "nothing found in \(source.name)"
            switch missing {
            case "drop": return .drop(reason: reason)
            case "hold": return .hold(reason: reason, until: nil)
            default: return .pass(envelope, notes: [reason])
            }
        }
        var changed = envelope
        for (name, value) in found {
            MetaPath.set(value, at: (target + [name])[...], in: &changed.meta)
        }
        return .pass(changed)
    }
}
