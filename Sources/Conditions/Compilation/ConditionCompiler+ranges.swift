import Configuration
import Messages

extension ConditionCompiler {
    /// How many values are gone through one by one; more are looked up.
    private static let scanLimit = 16

    /// Compiles `in`: a list of values, or a file of them.
    mutating func members(_ field: Field, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        if let lines = node.fileLines {
            switch lines {
            case .success(let items):
                return listed(field, items, "the file \(node["file"]?.scalar?.shownText ?? "")", path)
            case .failure(let fault):
                report(.badFile(reason: fault.reason), at: node, path)
                return nil
            }
        }
        guard let items = node.sequence, !items.isEmpty else {
            let expected = "a list of values, or {file: path} with one on each line"
            report(.badOperator("in", expected: expected, got: node.shortDescription), at: node, path)
            return nil
        }
        if items.count > Self.scanLimit { return listed(field, items, "a list of \(items.count) values", path) }
        return .any(items.enumerated().compactMap { equal(field, "in", $1, path.appending($0)) })
    }

    private mutating func listed(_ field: Field, _ items: [YAMLNode], _ name: String, _ path: NodePath) -> Predicate? {
        var list = WordList(name: name)
        for (index, item) in items.enumerated() {
            switch equal(field, "in", item, path.appending(index)) {
            case .equals(let text, let number)?: list.insert(text, number: number)
            case .language(let tag)?: list.insert(tag, number: nil)
            default: break
            }
        }
        return .listed(list)
    }

    /// Compiles `between`: two numbers or priorities, both included.
    mutating func between(_ field: Field, _ node: YAMLNode, _ path: NodePath) -> Predicate? {
        guard let items = node.sequence, items.count == 2 else {
            report(
                .badOperator("between", expected: "a list of two values", got: node.shortDescription), at: node, path)
            return nil
        }
        let bounds = items.enumerated().compactMap { index, item in
            scalar("between", item, path.appending(index)).flatMap {
                comparison(.atLeast, $0.text, "between", field, item, path.appending(index))
            }
        }
        guard bounds.count == 2 else { return nil }
        switch (bounds[0], bounds[1]) {
        case (.compares(_, let low), .compares(_, let high)) where low <= high: return .within(low...high)
        case (.ranks(_, let low), .ranks(_, let high)) where low <= high: return .ranksWithin(low...high)
        default:
            let range = items.compactMap { $0.scalar?.shownText }.joined(separator: " and ")
            report(.emptyRange(range), at: node, path)
            return nil
        }
    }

    /// Compiles `contains`: a member or several, all of which must be there.
    mutating func contains(_ node: YAMLNode, _ path: NodePath) -> Predicate? {
        if let items = node.sequence {
            if items.isEmpty { report(.empty("this list"), at: node, path) }
            let texts = items.enumerated().compactMap { scalar("contains", $1, path.appending($0))?.text }
            return .contains(texts)
        }
        return scalar("contains", node, path).map { .contains([$0.text]) }
    }
}
