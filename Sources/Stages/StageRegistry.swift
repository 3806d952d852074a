import Configuration

/// The stages that a route may name.
///
/// It is a value: whoever reads a routing table is given one.
public struct StageRegistry: Sendable {
    private let types: [any Stage.Type]

    /// Creates a registry of these stages; of two with one name the first counts.
    public init(_ types: [any Stage.Type]) {
        var seen: Set<String> = []
        self.types = types.filter { seen.insert($0.declaration.name).inserted }
    }

    /// The stages that every router has.
    public static var standard: StageRegistry {
        StageRegistry([
            FilterStage.self,
            RequireStage.self,
            HoldStage.self,
            EndStage.self,
            TemplateStage.self,
            TruncateStage.self,
            WordsStage.self,
            RedactStage.self,
            StripQuotesStage.self,
            MarkdownStage.self,
            HTMLStage.self,
            PlainStage.self,
            TranslateEmojiStage.self,
            SplitStage.self,
            SetStage.self,
            UnsetStage.self,
            RenameStage.self,
            ExtractStage.self,
            LookupStage.self,
            TapStage.self,
        ])
    }

    /// What the stages say of themselves, in the order of the reference page.
    public var declarations: [StageDeclaration] { types.map { $0.declaration } }

    /// The names of the stages.
    public var names: [String] { types.map { $0.declaration.name } }

    /// The declaration of a stage.
    public subscript(name: String) -> StageDeclaration? { types.first { $0.declaration.name == name }?.declaration }

    /// Makes the stage of a mapping with one key, as in `{truncate: 280}`.
    ///
    /// Returns `nil` after reporting what is wrong with its settings, or when no stage has the name.
    func make(
        _ name: String, of element: YAMLNode, at keyPath: NodePath, surroundings: StageSurroundings,
        diagnostics: inout Diagnostics
    ) -> (any Stage)? {
        guard let type = types.first(where: { $0.declaration.name == name }), let node = element[name] else {
            return nil
        }
        let settings = SettingsSchema([type.declaration.setting]).decode(
            element, at: keyPath, diagnostics: &diagnostics)
        guard settings.isValid, let value = settings.value(name) else { return nil }
        return type.init(
            StageArguments(value: value, node: node, surroundings: surroundings), diagnostics: &diagnostics)
    }
}
