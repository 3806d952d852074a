extension SettingsSchema {
    /// Reads a schema from YAML: the `settings:` of an adapter's `manifest.yaml`.
    ///
    /// Every key is declared by a mapping:
    ///
    /// ```yaml
    /// settings:
    ///   url: {type: url, required: true, prose: Where the feed is., example: "https://lobste.rs/rss"}
    ///   every: {type: duration, default: 15m, min: 1m, max: 7d, prose: How often it is read.}
    ///   mode: {type: choice, values: [poll, push], default: poll, prose: How news come in.}
    ///   to: {type: list, of: address, min: 1, prose: Whom it goes to.}
    ///   body: {type: [string, object], settings: {…}, prose: A text or a mapping.}
    ///   feeds: {type: map, keys: name, settings: {…}, prose: The feeds by name.}
    /// ```
    ///
    /// - `type` is string, secret, integer, number, boolean, duration, size, address, topic_pattern, url, path,
    ///   socket_address, choice, any, list, map or object; several in a list mean any of them.
    /// - `required`, `default`, `prose` and `example` say what ``Setting`` says. `prose` must be there.
    /// - `min` and `max` bound a value, or how many letters, items or keys there may be.
    /// - `values` are the words of a choice.
    /// - `of` is what a list or map holds: a type's name, or a mapping with `type` and what belongs to it. A list or
    ///   map of mappings names `settings` instead.
    /// - `keys: name` restricts a map's keys to `[a-z][a-z0-9_-]{0,31}`; else they are any text.
    /// - `settings` are the keys of an object, declared as here.
    ///
    /// - Parameters:
    ///   - node: the mapping of names to declarations; a null declares nothing.
    ///   - keyPath: the way to it, for messages.
    ///   - diagnostics: where faults go, those of ``faults`` among them; with an error in it the schema is not to be
    ///     used.
    public init(manifest node: YAMLNode, at keyPath: NodePath = NodePath(), diagnostics: inout Diagnostics) {
        var reader = ManifestReader()
        let schema = reader.schema(node, keyPath)
        if !reader.diagnostics.hasErrors {
            for fault in schema.faults {
                let path = NodePath(keyPath.steps + fault.keyPath.steps)
                reader.diagnostics.error(fault.message, at: node.position, keyPath: path)
            }
        }
        diagnostics.append(contentsOf: reader.diagnostics.all)
        self = schema
    }
}

/// Reads the declarations of a manifest.
private struct ManifestReader {
    var diagnostics = Diagnostics()

    private static let scalarTypes: [String: SettingType] = [
        "string": .string, "secret": .secret, "integer": .integer, "number": .number, "boolean": .boolean,
        "duration": .duration, "size": .byteCount, "address": .address, "topic_pattern": .topicPattern, "url": .url,
        "path": .path, "socket_address": .socketAddress, "listener": .listener, "network": .network,
        "rate": .rate, "any": .any,
    ]

    private static let typeNames = scalarTypes.keys.sorted() + ["choice", "list", "map", "object"]

    /// What both a declaration and an `of:` may say.
    private static let typeSettings: SettingsSchema = [
        Setting("type", .list(of: .choice(typeNames)), isRequired: true, "What the key holds."),
        Setting("values", .list(of: .string), "The words of a choice."),
        Setting("of", .any, "What a list or map holds."),
        Setting("keys", .choice(["any", "name"]), default: "any", "Which keys a map may have."),
        Setting("settings", .any, "The keys of an object."),
    ]

    private static let declaration = typeSettings.adding([
        Setting("required", .boolean, default: "false", "Whether the key must be given."),
        Setting("default", .any, "The value when the key is missing."),
        Setting("min", .any, "The least value."),
        Setting("max", .any, "The greatest value."),
        Setting("prose", .string, isRequired: true, "What the key is for."),
        Setting("example", .any, "A value as it would stand in the file."),
    ])

    mutating func schema(_ node: YAMLNode, _ path: NodePath) -> SettingsSchema {
        guard !node.isNull else { return SettingsSchema([]) }
        guard let mapping = node.mapping else {
            let fault = SettingFault.wrongType(expected: "a mapping", got: node.shortDescription)
            diagnostics.error(fault.message, at: node.position, keyPath: path)
            return SettingsSchema([])
        }
        return SettingsSchema(mapping.entries.map { setting($0.key, $0.value, path.appending($0.key)) })
    }

    private mutating func setting(_ name: String, _ node: YAMLNode, _ path: NodePath) -> Setting {
        let settings = Self.declaration.decode(node, at: path, diagnostics: &diagnostics)
        let text = { (key: String) in settings.node(key).map { $0.scalar?.text ?? YAMLWriter.flow($0) } }
        let hasRange = text("min") != nil || text("max") != nil
        return Setting(
            name, type(settings), default: text("default"), isRequired: settings.boolean("required"),
            range: hasRange ? SettingRange(text("min"), text("max")) : nil, settings.string("prose"),
            example: text("example"))
    }

    private mutating func type(_ settings: SettingsObject) -> SettingType {
        let types = settings.strings("type").map { type(named: $0, settings) }
        return types.count == 1 ? types[0] : .oneOf(types)
    }

    private mutating func type(named name: String, _ settings: SettingsObject) -> SettingType {
        switch name {
        case "choice":
            require("values", of: settings, for: name)
            return .choice(settings.strings("values"))
        case "object":
            require("settings", of: settings, for: name)
            return .object(nested(settings))
        case "list": return .list(of: element(settings, name))
        case "map":
            return .map(of: element(settings, name), keys: settings.string("keys") == "name" ? .name : .any)
        default: return Self.scalarTypes[name] ?? .any
        }
    }

    private mutating func element(_ settings: SettingsObject, _ name: String) -> SettingType {
        guard let node = settings.node("of") else {
            guard settings.node("settings") == nil else { return .object(nested(settings)) }
            require("of", of: settings, for: name)
            return .any
        }
        // A name alone is short for a mapping with that type.
        let isName = node.scalar != nil || node.sequence != nil
        let entry = YAMLMapping.Entry(key: "type", keyPosition: node.position, value: node)
        let full = isName ? YAMLNode(.mapping(YAMLMapping([entry])), at: node.position) : node
        return type(Self.typeSettings.decode(full, at: settings.keyPath(of: "of"), diagnostics: &diagnostics))
    }

    private mutating func nested(_ settings: SettingsObject) -> SettingsSchema {
        settings.node("settings").map { schema($0, settings.keyPath(of: "settings")) } ?? SettingsSchema([])
    }

    private mutating func require(_ key: String, of settings: SettingsObject, for type: String) {
        guard settings.value(key) == nil else { return }
        diagnostics.error(
            "the type \(type) needs the key \(quoted(key)) beside it", at: settings.position, keyPath: settings.keyPath)
    }
}
