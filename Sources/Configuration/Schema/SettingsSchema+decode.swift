extension SettingsSchema {
    /// Checks a mapping against the schema and fills in defaults.
    ///
    /// Every fault is reported, and decoding goes on after it: unknown keys with the nearest known one, missing
    /// required keys, wrong types, bad forms, values out of range. A null counts as not given.
    ///
    /// - Parameters:
    ///   - node: the mapping; a null counts as an empty one.
    ///   - keyPath: the way to the mapping, for messages.
    ///   - diagnostics: where faults go.
    /// - Returns: the settings; only sound when ``SettingsObject/isValid``.
    public func decode(
        _ node: YAMLNode, at keyPath: NodePath = NodePath(), diagnostics: inout Diagnostics
    ) -> SettingsObject {
        var decoder = SettingsDecoder()
        let object = decoder.object(self, node, keyPath)
        diagnostics.append(contentsOf: decoder.diagnostics.all)
        return object
    }

    /// What is wrong with the schema itself: keys declared twice, defaults and bounds that do not fit their type.
    ///
    /// Whoever declares a schema tests that this is empty.
    public var faults: [Diagnostic] { SettingsDecoder.faults(of: self, at: NodePath()) }
}
