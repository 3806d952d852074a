/// Checks nodes against types, and collects what is wrong.
struct SettingsDecoder {
    var diagnostics = Diagnostics()
    /// How many scalars were met whose fault had been reported before.
    var unresolvedCount = 0

    private var faultCount: Int { diagnostics.errorCount + unresolvedCount }

    mutating func report(_ fault: SettingFault, at node: YAMLNode, _ path: NodePath, suggestion: String? = nil) {
        diagnostics.error(fault.message, at: node.position, keyPath: path, suggestion: suggestion)
    }

    /// Decodes the mapping of a schema.
    mutating func object(_ schema: SettingsSchema, _ node: YAMLNode, _ path: NodePath) -> SettingsObject {
        let faultsBefore = faultCount
        let mapping = node.mapping ?? YAMLMapping()
        if node.mapping == nil, !node.isNull {
            report(.wrongType(expected: "a mapping", got: node.shortDescription), at: node, path)
        } else {
            reportMissing(schema, misspelt: reportUnknown(schema, mapping, path), node, path)
        }
        var values: [String: SettingValue] = [:]
        for setting in schema.settings {
            if let given = mapping[setting.name], !given.isNull {
                values[setting.name] = value(setting.type, given, path.appending(setting.name), range: setting.range)
            }
            if values[setting.name] == nil {
                values[setting.name] = defaultValue(setting, path.appending(setting.name))
            }
        }
        return SettingsObject(
            schema: schema, values: values, position: node.position, keyPath: path,
            isValid: faultCount == faultsBefore)
    }

    /// Reports keys that are not declared; answers the declared ones that were probably meant.
    private mutating func reportUnknown(_ schema: SettingsSchema, _ mapping: YAMLMapping, _ path: NodePath) -> Set<
        String
    > {
        let known = schema.settings.map(\.name)
        var misspelt: Set<String> = []
        for entry in mapping.entries where !known.contains(entry.key) {
            let suggestion = nearest(to: entry.key, among: known.filter { mapping[$0] == nil })
            if let suggestion { misspelt.insert(suggestion) }
            diagnostics.error(
                SettingFault.unknownKey(entry.key).message, at: entry.keyPosition, keyPath: path.appending(entry.key),
                suggestion: suggestion)
        }
        return misspelt
    }

    /// Reports required keys that are not there, unless one was probably meant by a misspelt key: one fault, one
    /// report.
    private mutating func reportMissing(
        _ schema: SettingsSchema, misspelt: Set<String>, _ node: YAMLNode, _ path: NodePath
    ) {
        for setting in schema.settings where setting.isRequired && !misspelt.contains(setting.name) {
            guard node[setting.name]?.isNull ?? true else { continue }
            let place = node[setting.name] ?? node
            report(.missing(setting.name, expected: setting.type.expectation), at: place, path)
        }
    }

    // MARK: Defaults

    private mutating func defaultValue(_ setting: Setting, _ path: NodePath) -> SettingValue? {
        guard let text = setting.defaultText else { return nil }
        var decoder = SettingsDecoder()
        let node = Self.builtIn(text, setting.type, &decoder.diagnostics)
        let value = node.flatMap { decoder.value(setting.type, $0, path, range: setting.range) }
        for fault in decoder.diagnostics.errors {
            diagnostics.error(SettingFault.badDefault(reason: fault.message).message, at: .builtIn, keyPath: path)
        }
        return value
    }

    /// The node of a default: a scalar as it is, anything else as YAML.
    static func builtIn(_ text: String, _ type: SettingType, _ diagnostics: inout Diagnostics) -> YAMLNode? {
        switch type {
        case .string, .secret, .address, .target, .topicPattern, .url, .path, .socketAddress, .listener, .network,
            .rate, .choice:
            return YAMLNode(.scalar(YAMLScalar(text, style: .quoted)), at: .builtIn)
        case .integer, .number, .boolean, .duration, .byteCount:
            return YAMLNode(.scalar(YAMLScalar(text)), at: .builtIn)
        case .any, .list, .map, .object, .oneOf:
            return YAMLNode.parse(text, file: SourcePosition.builtIn.file, diagnostics: &diagnostics)?.moved(
                to: .builtIn)
        }
    }

    static func faults(of schema: SettingsSchema, at path: NodePath) -> [Diagnostic] {
        var decoder = SettingsDecoder()
        var seen: Set<String> = []
        for setting in schema.settings {
            let path = path.appending(setting.name)
            if !seen.insert(setting.name).inserted {
                decoder.diagnostics.error(
                    "the key \(quoted(setting.name)) is declared twice", at: .builtIn, keyPath: path)
            }
            if setting.isRequired, setting.defaultText != nil {
                decoder.diagnostics.error("a required key has no use for a default", at: .builtIn, keyPath: path)
            }
            if let range = setting.range, !SettingBounds(range, setting.type).areSound {
                decoder.diagnostics.error("the bounds \(range) do not fit the type", at: .builtIn, keyPath: path)
            }
            _ = decoder.defaultValue(setting, path)
            decoder.diagnostics.append(contentsOf: faults(of: setting.type, at: path))
        }
        return decoder.diagnostics.all
    }

    private static func faults(of type: SettingType, at path: NodePath) -> [Diagnostic] {
        switch type {
        case .object(let schema): faults(of: schema, at: path)
        case .list(let element): faults(of: element, at: path.appending(0))
        case .map(let element, _): faults(of: element, at: path.appending("*"))
        case .oneOf(let types): types.flatMap { faults(of: $0, at: path) }
        default: []
        }
    }
}
