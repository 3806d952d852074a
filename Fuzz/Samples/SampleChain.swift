public import Configuration
public import Messages
public import Stages

/// The chain of a `via` in YAML; `nil` when something is wrong with it.
public func sampleChain(_ via: String) -> StageChain? {
    var diagnostics = Diagnostics()
    guard let node = YAMLNode.parse(via, file: "fuzz.yaml", diagnostics: &diagnostics) else { return nil }
    return sampleChain(node)
}

/// The chain of a `via` that was parsed; `nil` when something is wrong with it.
public func sampleChain(_ via: YAMLNode) -> StageChain? {
    var diagnostics = Diagnostics()
    var names = NamedStages(
        YAMLNode(.mapping(YAMLMapping()), at: via.position), at: NodePath(), registry: .standard,
        diagnostics: &diagnostics)
    let chain = names.chain(via, at: NodePath(), diagnostics: &diagnostics)
    for diagnostic in diagnostics.all { _ = diagnostic.description }
    return diagnostics.hasErrors ? nil : chain
}

/// A mapping with one key.
public func sampleMapping(_ key: String, _ content: YAMLNode.Content) -> YAMLNode {
    let position = SourcePosition(file: "fuzz.yaml", line: 1, column: 1)
    let entry = YAMLMapping.Entry(key: key, keyPosition: position, value: YAMLNode(content, at: position))
    return YAMLNode(.mapping(YAMLMapping([entry])), at: position)
}

/// The context of a run at a fixed time.
public func sampleContext() -> StageContext {
    StageContext(now: Timestamp(seconds: 1_700_000_000), router: "hq.example")
}

extension StageChain {
    /// What becomes of a message with a text in a format.
    public func branches(of text: String, _ format: TextFormat) -> [ChainBranch] {
        var envelope = sampleEnvelope(text: text)
        envelope.setText(text, format: format)
        return run(envelope, context: sampleContext()).branches
    }
}
