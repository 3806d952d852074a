public import Configuration

extension Condition {
    /// Compiles the node of a `where:`; see ``Condition`` for what it may say.
    ///
    /// The result is `nil` if anything was wrong. All faults are reported: unknown fields and operators with the
    /// nearest known one, bad regular expressions at their place, values a field never has.
    ///
    /// - Parameters:
    ///   - node: the mapping; a null stands for no condition.
    ///   - keyPath: the way to it, for messages.
    ///   - diagnostics: where faults go.
    public init?(_ node: YAMLNode, at keyPath: NodePath = NodePath(), diagnostics: inout Diagnostics) {
        guard !node.isNull else {
            self = .always
            return
        }
        var compiler = ConditionCompiler()
        let expression = compiler.expression(node, keyPath)
        diagnostics.append(contentsOf: compiler.diagnostics.all)
        guard !compiler.diagnostics.hasErrors, !compiler.isUnresolved, let expression else { return nil }
        self.init(expression: expression)
    }
}

/// Turns nodes into expressions; `nil` after a fault.
struct ConditionCompiler {
    var diagnostics = Diagnostics()
    /// Whether a variable could not be filled in somewhere, which was reported where it happened.
    var isUnresolved = false

    private static let groups = ["any", "all", "not"]

    /// Compiles a mapping of fields and groups: all must hold.
    mutating func expression(_ node: YAMLNode, _ path: NodePath) -> Expression? {
        guard let mapping = node.mapping else {
            report(.noMapping(got: node.shortDescription), at: node, path)
            return nil
        }
        guard !mapping.entries.isEmpty else {
            report(.empty("this condition"), at: node, path)
            return nil
        }
        return .all(mapping.entries.compactMap { entry($0, path.appending($0.key)) })
    }

    private mutating func entry(_ entry: YAMLMapping.Entry, _ path: NodePath) -> Expression? {
        switch entry.key {
        case "any": return members(entry.value, path).map { .any($0) }
        case "all": return members(entry.value, path).map { .all($0) }
        case "not":
            // Of a list none may hold; of a mapping not all may.
            guard entry.value.sequence != nil else { return expression(entry.value, path).map { .not($0) } }
            return members(entry.value, path).map { .not(.any($0)) }
        default:
            guard let field = Field(entry.key) else {
                reportUnknown(entry, path)
                return nil
            }
            return predicate(field, entry.value, path).map { .test(field, $0) }
        }
    }

    /// The members of a group: the items of a list, or the entries of a mapping.
    private mutating func members(_ node: YAMLNode, _ path: NodePath) -> [Expression]? {
        let found: [Expression]
        if let items = node.sequence {
            found = items.enumerated().compactMap { index, item in expression(item, path.appending(index)) }
        } else if let mapping = node.mapping {
            found = mapping.entries.compactMap { entry($0, path.appending($0.key)) }
        } else {
            report(.noMapping(got: node.shortDescription), at: node, path)
            return nil
        }
        if node.sequence?.isEmpty ?? node.mapping?.entries.isEmpty ?? false {
            report(.empty("this group"), at: node, path)
        }
        return found
    }

    private mutating func reportUnknown(_ entry: YAMLMapping.Entry, _ path: NodePath) {
        let isGroup = ["meta", "headers", "sender", "part"].contains(entry.key)
        let fault = isGroup ? ConditionFault.fieldWithoutName(entry.key) : .unknownField(entry.key)
        let suggestion = isGroup ? nil : nearest(to: entry.key, among: Field.names + Self.groups)
        diagnostics.error(fault.message, at: entry.keyPosition, keyPath: path, suggestion: suggestion)
    }

    mutating func report(
        _ fault: ConditionFault, at node: YAMLNode, _ path: NodePath, suggestion: String? = nil
    ) {
        diagnostics.error(fault.message, at: node.position, keyPath: path, suggestion: suggestion)
    }
}
