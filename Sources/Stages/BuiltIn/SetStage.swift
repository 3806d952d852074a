public import Configuration
public import Messages

/// Writes fields of the envelope.
public struct SetStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "set", .map(of: .string), isRequired: true, range: SettingRange(1...100),
                """
                Fields and their values, which are templates. All of them see the message as it came. An empty value removes \
                the field. A number, `true` or `false` without quotes keeps its type in `meta`.
                """,
                example: "{priority: high, meta.channel: \"{{topic.class}}\"}"),
            summary: "writes fields of the message",
            example: StageExample(
                "{set: {subject: \"[{{topic.source}}] {{subject}}\", priority: high}}",
                before: ["subject": "Disk full"], .passes(["subject": "[news] Disk full", "priority": "high"])))
    }

    private enum Value: Sendable {
        case template(EnvelopeField, Template)
        case fixed(EnvelopeChange)
    }

    private let values: [Value]
    /// Fields whose value was filled in from the environment or a file: it may be a secret.
    public let concealedFields: Set<String>

    /// Makes the stage; unknown fields, faulty templates and fixed values that do not fit are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        var values: [Value] = []
        var isSound = true
        for entry in arguments.value.map ?? [] {
            let node = arguments.node[entry.name] ?? arguments.node
            if let value = Self.value(entry, node, arguments.node, diagnostics: &diagnostics) {
                values.append(value)
            } else {
                isSound = false
            }
        }
        guard isSound else { return nil }
        self.values = values
        let entries = arguments.node.mapping?.entries ?? []
        concealedFields = Set(entries.filter { $0.value.isFilledIn }.map(\.key))
    }

    private static func value(
        _ entry: NamedSetting, _ node: YAMLNode, _ mapping: YAMLNode, diagnostics: inout Diagnostics
    ) -> Value? {
        let (keyPath, text) = (entry.value.keyPath, entry.value.string ?? "")
        guard let field = EnvelopeField(parsing: entry.name) else {
            let known = EnvelopeField.named.map(\.name)
            diagnostics.error(
                "no field named \(ShownText.quoted(entry.name)) can be set; expected "
                    + known.joined(separator: ", ") + ", meta.NAME or headers.NAME",
                at: mapping.mapping?.entry(entry.name)?.keyPosition ?? node.position, keyPath: keyPath,
                suggestion: nearest(to: entry.name, among: known))
            return nil
        }
        if case .meta(let path) = field, let value = plainValue(node) { return .fixed(.meta(path, value)) }
        guard let template = Template.parse(text, node: node, at: keyPath, diagnostics: &diagnostics) else {
            return nil
        }
        if template.isConstant, let fault = fault(field, template) {
            diagnostics.error(fault.description, at: node.position, keyPath: keyPath)
            return nil
        }
        return .template(field, template)
    }

    /// A number or boolean that is written without quotes.
    private static func plainValue(_ node: YAMLNode) -> JSON? {
        switch node.scalar?.value {
        case .boolean(let value): .bool(value)
        case .integer(let value): .integer(Int64(value))
        case .number(let value) where value.isFinite: .number(value)
        default: nil
        }
    }

    /// What is wrong with a value that is the same for every message.
    private static func fault(_ field: EnvelopeField, _ template: Template) -> StageError? {
        do {
            _ = try field.change(to: template.constantText, now: Timestamp(milliseconds: 0))
            return nil
        } catch {
            return error
        }
    }

    /// Writes the fields.
    ///
    /// - Throws: ``StageError/badValue(field:text:expected:)`` when a value does not fit its field.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var changed = envelope
        for value in values {
            switch value {
            case .fixed(let change): change.apply(to: &changed)
            case .template(let field, let template):
                let text = try template.render(envelope, context: context)
                try field.change(to: text, now: context.now).apply(to: &changed)
            }
        }
        return .pass(changed)
    }
}

extension YAMLNode {
    /// Whether `${…}` or `{file: …}` gave the text, or a part of it.
    fileprivate var isFilledIn: Bool { scalar?.source != nil || mapping != nil }
}
