public import Configuration
public import Messages

/// Removes fields of the envelope.
public struct UnsetStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "unset", .list(of: .string), isRequired: true, range: SettingRange(1...100),
                """
                The fields that go: a name that `set` takes, or `headers` or `meta` for all of them. `text` removes the text \
                parts and leaves the others; `priority` becomes `normal`.
                """,
                example: "[headers, meta.internal]"),
            summary: "removes fields of the message",
            example: StageExample(
                "{unset: [subject, headers]}", before: ["subject": "Re: Order 7", "headers.X-Spam": "no"],
                .passes(["subject": "", "headers.X-Spam": ""])))
    }

    private enum Target: Sendable {
        case field(EnvelopeField)
        case headers, meta
    }

    private let targets: [Target]

    /// Makes the stage; unknown fields are reported.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        var targets: [Target] = []
        for value in arguments.value.list ?? [] {
            switch value.string ?? "" {
            case "headers": targets.append(.headers)
            case "meta": targets.append(.meta)
            default: targets += EnvelopeField(value, diagnostics: &diagnostics).map { [.field($0)] } ?? []
            }
        }
        guard targets.count == arguments.value.list?.count else { return nil }
        self.targets = targets
    }

    /// Removes the fields.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var changed = envelope
        for target in targets {
            switch target {
            case .field(let field): field.remove(from: &changed)
            case .headers: changed.headers = [:]
            case .meta: changed.meta = JSONObject()
            }
        }
        return .pass(changed)
    }
}

extension EnvelopeField {
    /// Reads the name that a setting holds; an unknown one is reported.
    init?(_ value: SettingValue, diagnostics: inout Diagnostics) {
        let name = value.string ?? ""
        guard let field = EnvelopeField(parsing: name) else {
            let known = Self.named.map(\.name)
            diagnostics.error(
                "no field is named \(ShownText.quoted(name)); expected " + known.joined(separator: ", ")
                    + ", meta.NAME or headers.NAME",
                at: value.position, keyPath: value.keyPath, suggestion: nearest(to: name, among: known))
            return nil
        }
        self = field
    }
}
