/// Lets environment variables override keys: `POSTROAD_MAILBOXES__WORK__TOKEN` is `mailboxes.work.token`.
///
/// Two underscores stand between levels; case does not count, and `_` also stands for `-`. In a list the level is an
/// index from 0; one past the end appends. Missing keys are made. A value that begins with `[`, `{` or a quote is read
/// as YAML, any other is one plain scalar as it is, so that a token with `: ` or `#` in it needs no care; an empty one
/// counts as not given.
struct EnvironmentOverrides {
    private static let prefix = "POSTROAD_"
    /// How deep an override may reach; more than the keys of any schema.
    private static let depthLimit = 16

    let topLevelKeys: [String]
    private(set) var diagnostics = Diagnostics()

    init(topLevelKeys: [String]) {
        self.topLevelKeys = topLevelKeys
    }

    /// Applies all variables, in the order of their names.
    mutating func apply(_ environment: [String: String], to node: inout YAMLNode) {
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            apply(name, value, to: &node)
        }
    }

    private mutating func apply(_ name: String, _ value: String, to node: inout YAMLNode) {
        let position = SourcePosition(environmentVariable: name)
        let levels = name.dropFirst(Self.prefix.count).split(separator: "__", omittingEmptySubsequences: false).map(
            String.init)
        guard let first = levels.first, isKnown(first, in: node) else {
            return reportUnknown(name, levels, at: position, node)
        }
        guard levels.count <= Self.depthLimit, !levels.contains("") else {
            return report(.badOverrideName, at: position, NodePath())
        }
        guard let value = read(value, at: position) else { return }
        set(&node, levels[...], value, NodePath())
    }

    private func isKnown(_ level: String, in node: YAMLNode) -> Bool {
        (topLevelKeys + (node.mapping?.keys ?? [])).contains { Self.names($0, level) }
    }

    private mutating func reportUnknown(
        _ name: String, _ levels: [String], at position: SourcePosition, _ node: YAMLNode
    ) {
        let key = levels.first?.lowercased() ?? ""
        let suggestion = nearest(to: key, among: (topLevelKeys + (node.mapping?.keys ?? [])).unique)
        // Without two underscores it may be no override at all: POSTROAD_SERVICE_HOST is what Kubernetes calls a
        // service.
        guard levels.count > 1 || suggestion != nil else { return }
        diagnostics.append(
            Diagnostic(
                levels.count > 1 ? .error : .warning, at: position,
                LoadingFault.unknownOverride(name: name, key: key).message, suggestion: suggestion))
    }

    private mutating func read(_ value: String, at position: SourcePosition) -> YAMLNode? {
        guard let first = value.first(where: { !$0.isWhitespace }), "[{\"'".contains(first) else {
            return YAMLNode(.scalar(YAMLScalar(value)), at: position)
        }
        var found = Diagnostics()
        let node = YAMLNode.parse(value, file: position.file, diagnostics: &found)
        for var diagnostic in found.all {
            diagnostic.position = position
            diagnostics.append(diagnostic)
        }
        return found.hasErrors ? nil : node?.moved(to: position)
    }

    // MARK: Setting

    private mutating func set(_ node: inout YAMLNode, _ levels: ArraySlice<String>, _ value: YAMLNode, _ path: NodePath)
    {
        guard let level = levels.first else {
            node = value
            return
        }
        switch node.content {
        case .mapping(var mapping):
            set(&mapping, level, levels.dropFirst(), value, path)
            node.content = .mapping(mapping)
        case .sequence(var items):
            guard let index = Int(level), (0...items.count).contains(index) else {
                return report(.badIndex(key: level, count: items.count), at: value.position, path)
            }
            if index == items.count { items.append(Self.nothing(at: value.position)) }
            set(&items[index], levels.dropFirst(), value, path.appending(index))
            node.content = .sequence(items)
        case .scalar(let scalar) where scalar.value == .null:
            node = YAMLNode(.mapping(YAMLMapping()), at: value.position)
            set(&node, levels, value, path)
        case .scalar:
            let fault = LoadingFault.overrideInScalar(
                key: level.lowercased(), parent: path.description, got: node.shortDescription)
            report(fault, at: value.position, path)
        }
    }

    private mutating func set(
        _ mapping: inout YAMLMapping, _ level: String, _ rest: ArraySlice<String>, _ value: YAMLNode, _ path: NodePath
    ) {
        let found = mapping.entries.indices.filter { Self.names(mapping.entries[$0].key, level) }
        guard found.count <= 1 else {
            let keys = found.map { mapping.entries[$0].key }
            return report(.ambiguousOverride(key: level.lowercased(), keys: keys), at: value.position, path)
        }
        let index = found.first ?? mapping.entries.count
        if found.isEmpty {
            let nothing = Self.nothing(at: value.position)
            mapping.entries.append(
                YAMLMapping.Entry(key: level.lowercased(), keyPosition: value.position, value: nothing))
        }
        let path = path.appending(mapping.entries[index].key)
        set(&mapping.entries[index].value, rest, value, path)
    }

    private mutating func report(_ fault: LoadingFault, at position: SourcePosition, _ path: NodePath) {
        diagnostics.error(fault.message, at: position, keyPath: path)
    }

    private static func nothing(at position: SourcePosition) -> YAMLNode {
        YAMLNode(.scalar(YAMLScalar("")), at: position)
    }

    /// Whether a level of a variable's name means a key.
    private static func names(_ key: String, _ level: String) -> Bool {
        key.lowercased().replacing("-", with: "_") == level.lowercased().replacing("-", with: "_")
    }
}
