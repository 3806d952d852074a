public import Configuration
public import Messages

/// Moves what fields hold into other fields.
public struct RenameStage: Stage {
    /// The stage's declaration.
    public static var declaration: StageDeclaration {
        StageDeclaration(
            setting: Setting(
                "rename", .map(of: .string), isRequired: true, range: SettingRange(1...100),
                """
                Fields and the fields that what they hold moves to, both as `set` names them. All are read before one is \
                written, so two fields can change places. A field that holds nothing leaves the other one as it is. In \
                `meta` a value keeps its type.
                """,
                example: "{headers.X-Ticket: meta.ticket}"),
            summary: "moves what fields hold into other fields",
            example: StageExample(
                "{rename: {headers.X-Ticket: meta.ticket}}", before: ["headers.X-Ticket": "4711"],
                .passes(["meta.ticket": "4711", "headers.X-Ticket": ""])))
    }

    private let moves: [(source: EnvelopeField, target: EnvelopeField)]

    /// Makes the stage; unknown fields are reported, and so are two that move to one place.
    public init?(_ arguments: StageArguments, diagnostics: inout Diagnostics) {
        var moves: [(source: EnvelopeField, target: EnvelopeField)] = []
        let entries = arguments.value.map ?? []
        for entry in entries {
            var name = entry.value
            name.content = .string(entry.name)
            name.position = arguments.node.mapping?.entry(entry.name)?.keyPosition ?? entry.value.position
            let source = EnvelopeField(name, diagnostics: &diagnostics)
            let target = EnvelopeField(entry.value, diagnostics: &diagnostics)
            guard let source, let target else { continue }
            if moves.contains(where: { $0.target == target }) {
                diagnostics.error(
                    "another field moves to \(target.name) already", at: entry.value.position,
                    keyPath: entry.value.keyPath)
            } else {
                moves.append((source, target))
            }
        }
        guard moves.count == entries.count else { return nil }
        self.moves = moves
    }

    /// Moves the fields.
    ///
    /// - Throws: ``StageError/badValue(field:text:expected:)`` when a value does not fit the field it moves to.
    public func process(_ envelope: Envelope, context: StageContext) throws(StageError) -> StageResult {
        var changed = envelope
        var changes: [EnvelopeChange] = []
        for (source, target) in moves where source != target {
            guard let value = source.value(in: envelope) else { continue }
            changes.append(try target.change(to: value, now: context.now))
            source.remove(from: &changed)
        }
        for change in changes { change.apply(to: &changed) }
        return .pass(changed)
    }
}
