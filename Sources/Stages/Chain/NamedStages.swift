public import Configuration

/// The named lists of stages under `stages`, and the reader of every `via`.
///
/// Each list is read once, however many routes use it, so each fault is reported once.
public struct NamedStages: Sendable {
    /// An element of a list: a stage, or the name of another list.
    private enum Element {
        case step(StageChain.Step)
        case reference(String, position: SourcePosition, keyPath: NodePath)
    }

    private struct Entry {
        var position: SourcePosition
        var keyPath: NodePath
        var elements: [Element]
        var steps: [StageChain.Step]?
    }

    private let registry: StageRegistry
    private let surroundings: StageSurroundings
    private var entries: [String: Entry] = [:]
    private var names: [String] = []
    private var used: Set<String> = []

    /// Reads the mapping of names to lists; a null counts as none.
    public init(
        _ node: YAMLNode, at keyPath: NodePath, registry: StageRegistry, surroundings: StageSurroundings = .none,
        diagnostics: inout Diagnostics
    ) {
        self.registry = registry
        self.surroundings = surroundings
        let given = node.mapping?.entries ?? []
        names = given.map(\.key)
        if node.mapping == nil, !node.isNull {
            diagnostics.error(
                "expected a mapping of names, got \(node.shortDescription)", at: node.position, keyPath: keyPath)
        }
        for entry in given {
            let path = keyPath.appending(entry.key)
            if registry[entry.key] != nil {
                diagnostics.error(
                    "\(ShownText.quoted(entry.key)) is the name of a built-in stage; choose another",
                    at: entry.keyPosition,
                    keyPath: path)
            } else if entry.key.isEmpty || entry.key.contains("/") {
                diagnostics.error("a name of stages is a text without \"/\"", at: entry.keyPosition, keyPath: path)
            }
            let elements = read(entry.value, at: path, prefix: entry.key + "/", diagnostics: &diagnostics)
            entries[entry.key] = Entry(position: entry.keyPosition, keyPath: path, elements: elements)
        }
        for name in names { _ = expand(name, within: [], diagnostics: &diagnostics) }
    }

    /// The names that no chain uses, directly or through another name, with their places.
    public var unused: [(name: String, position: SourcePosition, keyPath: NodePath)] {
        names.filter { !used.contains($0) }.compactMap { name in
            entries[name].map { (name, $0.position, $0.keyPath) }
        }
    }

    /// Reads the chain of a `via`: a list of stages and names, or one of them alone.
    public mutating func chain(_ node: YAMLNode, at keyPath: NodePath, diagnostics: inout Diagnostics) -> StageChain {
        var steps: [StageChain.Step] = []
        for element in read(node, at: keyPath, prefix: "", diagnostics: &diagnostics) {
            switch element {
            case .step(let step): steps.append(step)
            case .reference(let name, _, _):
                markUsed(name)
                steps += entries[name]?.steps ?? []
            }
        }
        if steps.count > StageChain.maximumSteps {
            diagnostics.error(Self.tooLong(steps.count), at: node.position, keyPath: keyPath)
            return StageChain()
        }
        return StageChain(steps)
    }

    private static func tooLong(_ count: Int) -> String {
        "the chain has \(count) stages, those of named lists counted; \(StageChain.maximumSteps) is the most"
    }

    private mutating func markUsed(_ name: String) {
        guard used.insert(name).inserted else { return }
        for case .reference(let next, _, _) in entries[name]?.elements ?? [] { markUsed(next) }
    }

    // MARK: Names within names

    /// The steps of a name, those of the names in it included.
    private mutating func expand(
        _ name: String, within outer: [String], diagnostics: inout Diagnostics
    ) -> [StageChain.Step] {
        guard let entry = entries[name] else { return [] }
        if let steps = entry.steps { return steps }
        var steps: [StageChain.Step] = []
        for element in entry.elements {
            switch element {
            case .step(let step): steps.append(step)
            case .reference(let next, let position, let keyPath):
                let way = outer + [name]
                if let start = way.firstIndex(of: next) {
                    let circle = (way[start...] + [next]).joined(separator: " → ")
                    diagnostics.error("these stages go round in a circle: \(circle)", at: position, keyPath: keyPath)
                } else {
                    steps += expand(next, within: way, diagnostics: &diagnostics)
                }
            }
            if steps.count > StageChain.maximumSteps {
                diagnostics.error(Self.tooLong(steps.count), at: entry.position, keyPath: entry.keyPath)
                steps = []
                break
            }
        }
        entries[name]?.steps = steps
        return steps
    }

    // MARK: Elements

    private func read(
        _ node: YAMLNode, at keyPath: NodePath, prefix: String, diagnostics: inout Diagnostics
    ) -> [Element] {
        if node.isNull { return [] }
        guard let items = node.sequence else {
            return element(node, at: keyPath, prefix: prefix, diagnostics: &diagnostics).map { [$0] } ?? []
        }
        var elements: [Element] = []
        for (index, item) in items.enumerated() {
            let path = keyPath.appending(index)
            if let element = element(item, at: path, prefix: prefix, diagnostics: &diagnostics) {
                elements.append(element)
            }
        }
        return elements
    }

    private func element(
        _ node: YAMLNode, at keyPath: NodePath, prefix: String, diagnostics: inout Diagnostics
    ) -> Element? {
        if let scalar = node.scalar, !node.isNull {
            return reference(scalar.text, node, at: keyPath, prefix: prefix, diagnostics: &diagnostics)
        }
        var modifiers = StageModifiers()
        let stages = node.mapping?.entries.filter { !StageModifiers.names.contains($0.key) } ?? []
        guard stages.count == 1, let entry = stages.first else {
            diagnostics.error(
                "expected a stage such as {truncate: 280} or the name of a list, got \(node.shortDescription)"
                    + (node.mapping.map { " with \($0.entries.count) keys; each stage is an element of its own" } ?? ""),
                at: node.position, keyPath: keyPath)
            return nil
        }
        modifiers.read(node, at: keyPath, surroundings: surroundings, diagnostics: &diagnostics)
        guard registry[entry.key] != nil else {
            diagnostics.error(
                "no stage named \(ShownText.quoted(entry.key)) is known", at: entry.keyPosition, keyPath: keyPath,
                suggestion: nearest(to: entry.key, among: registry.names + StageModifiers.names))
            return nil
        }
        let bare = YAMLNode(.mapping(YAMLMapping([entry])), at: node.position)
        let stage = registry.make(
            entry.key, of: bare, at: keyPath, surroundings: surroundings, diagnostics: &diagnostics)
        return stage.map {
            .step(
                StageChain.Step(
                    name: prefix + entry.key, stage: $0, position: entry.keyPosition, limit: modifiers.limit))
        }
    }

    private func reference(
        _ name: String, _ node: YAMLNode, at keyPath: NodePath, prefix: String, diagnostics: inout Diagnostics
    ) -> Element? {
        if let declaration = registry[name] {
            // A stage that can do without settings is as good as one with the usual ones.
            if declaration.setting.defaultText != nil {
                let key = YAMLMapping.Entry(
                    key: name, keyPosition: node.position, value: YAMLNode(.scalar(YAMLScalar("")), at: node.position))
                let element = YAMLNode(.mapping(YAMLMapping([key])), at: node.position)
                return self.element(element, at: keyPath, prefix: prefix, diagnostics: &diagnostics)
            }
            diagnostics.error(
                "the stage \(name) needs its settings, as in {\(name): \(declaration.setting.example ?? "…")}",
                at: node.position, keyPath: keyPath)
            return nil
        }
        guard names.contains(name) else {
            diagnostics.error(
                "no stages named \(ShownText.quoted(name)) are declared under stages", at: node.position,
                keyPath: keyPath,
                suggestion: nearest(to: name, among: names + registry.names))
            return nil
        }
        return .reference(name, position: node.position, keyPath: keyPath)
    }
}
