import Configuration

extension ConditionCompiler {
    private static let operators = [
        "eq", "ne", "in", "regex", "glob", "lt", "lte", "gt", "gte", "between", "contains", "exists", "not",
    ]
    static let comparisons: [String: Comparison] = ["lt": .less, "lte": .atMost, "gt": .more, "gte": .atLeast]

    /// Compiles one operator of a field, as in `{gte: 5}`.
    mutating func operation(_ field: Field, _ entry: YAMLMapping.Entry, _ path: NodePath) -> Predicate? {
        let node = entry.value
        switch entry.key {
        case "not": return predicate(field, node, path).map { .not($0) }
        case "in": return members(field, node, path)
        case "between": return between(field, node, path)
        case "contains": return contains(node, path)
        case "eq": return equal(field, "eq", node, path)
        case "ne": return equal(field, "ne", node, path).map { .not($0) }
        case "exists": return exists(node, path)
        default: return pattern(field, entry, path)
        }
    }

    /// Compiles `exists`.
    mutating func exists(_ node: YAMLNode, _ path: NodePath) -> Predicate? {
        guard case .boolean(let exists)? = node.scalar?.value else {
            report(.badOperator("exists", expected: "true or false", got: node.shortDescription), at: node, path)
            return nil
        }
        return .exists(exists)
    }

    private mutating func pattern(_ field: Field, _ entry: YAMLMapping.Entry, _ path: NodePath) -> Predicate? {
        let comparison = Self.comparisons[entry.key]
        guard comparison != nil || ["regex", "glob"].contains(entry.key) else {
            diagnostics.error(
                ConditionFault.unknownOperator(entry.key).message, at: entry.keyPosition, keyPath: path,
                suggestion: nearest(to: entry.key, among: Self.operators))
            return nil
        }
        guard let scalar = scalar(entry.key, entry.value, path) else { return nil }
        if let comparison {
            return self.comparison(comparison, scalar.text, entry.key, field, entry.value, path)
        }
        guard entry.key == "regex" else { return glob(field, scalar.text, entry.value, path) }
        let (pattern, flags) = Self.slashed(scalar.text) ?? (scalar.text, "")
        return regex(pattern, flags, entry.value, path)
    }

    mutating func equal(_ field: Field, _ name: String, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        scalar(name, node, path).flatMap { literal(field, $0, node, path) }
    }

    mutating func scalar(_ name: String, _ node: YAMLNode, _ path: NodePath) -> YAMLScalar? {
        guard let scalar = node.scalar, !node.isNull else {
            report(.badOperator(name, expected: "a single value", got: node.shortDescription), at: node, path)
            return nil
        }
        if scalar.isUnresolved {
            isUnresolved = true
            return nil
        }
        return scalar
    }
}
