import Configuration
import Testing

/// Reads a text that must be sound.
func node(_ text: String, file: String = "routes.yaml") throws -> YAMLNode {
    var diagnostics = Diagnostics()
    let node = YAMLNode.parse(text, file: file, diagnostics: &diagnostics)
    #expect(diagnostics.all.map(\.description) == [])
    return try #require(node)
}

/// What reading a text reports.
func faults(_ text: String, limits: YAMLLimits = YAMLLimits()) -> [String] {
    var diagnostics = Diagnostics()
    _ = YAMLNode.parse(text, file: "routes.yaml", limits: limits, diagnostics: &diagnostics)
    return diagnostics.all.map(\.description)
}

/// Reads and decodes a text; the settings, and what was reported.
func decode(_ text: String, _ schema: SettingsSchema, at path: NodePath = NodePath()) -> (SettingsObject, [String]) {
    var diagnostics = Diagnostics()
    let node = YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics)
    let nothing = YAMLNode(.scalar(YAMLScalar("")), at: .builtIn)
    let settings = schema.decode(node ?? nothing, at: path, diagnostics: &diagnostics)
    return (settings, diagnostics.all.map(\.description))
}
