import Conditions
import Configuration
import Messages

/// A reason, and the messages that it holds for: what `end` and `hold` are made of.
struct ReasonSettings: Sendable {
    /// The most characters of a reason.
    static let lengthLimit = 500

    static var schema: SettingsSchema {
        [
            Setting(
                "reason", .string, isRequired: true, range: SettingRange(1...lengthLimit),
                "The reason: a template, of which a line is kept.", example: "\"{{from}} has left\""),
            Setting(
                "where", .any, "Conditions as in a route; other messages pass.", example: "{subject: /invoice/i}"),
        ]
    }

    private let reason: Template
    private let condition: Condition

    /// Reads the reason alone, or the mapping; what is wrong is reported.
    init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        let settings = arguments.value.object
        let node = settings == nil ? arguments.node : arguments.node["reason"] ?? arguments.node
        let keyPath = settings?.keyPath(of: "reason") ?? arguments.value.keyPath
        let text = settings?.string("reason") ?? arguments.value.string ?? ""
        if text.isEmpty { diagnostics.error("expected a reason", at: node.position, keyPath: keyPath) }
        let reason = Template.parse(text, node: node, at: keyPath, diagnostics: &diagnostics)
        let condition = settings?.node("where").map { node in
            Condition(node, at: settings?.keyPath(of: "where") ?? keyPath, diagnostics: &diagnostics)
        }
        guard let reason, !text.isEmpty, let condition = condition ?? .always else { return nil }
        self.reason = reason
        self.condition = condition
    }

    /// Whether they are for a message.
    ///
    /// - Throws: ``StageError/condition(_:)`` when a regular expression is given up.
    func apply(to envelope: Envelope) throws(StageError) -> Bool {
        switch condition.outcome(for: envelope) {
        case .matches: true
        case .differs: false
        case .limitExceeded: throw .condition(condition.evaluate(envelope).summary)
        }
    }

    /// The reason as one line.
    ///
    /// - Throws: ``StageError/tooLarge(limit:)``
    func text(for envelope: Envelope, context: StageContext) throws(StageError) -> String {
        let text = try reason.render(envelope, context: context)
        return ShownText.escaped(text.unicodeScalars.prefix(Self.lengthLimit).map { $0 == "\n" ? " " : $0 })
    }
}
