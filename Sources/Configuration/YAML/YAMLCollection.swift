/// A list or mapping whose end has not come yet.
struct YAMLCollection {
    let position: SourcePosition
    let anchor: String?
    let tag: String?
    /// How many nodes there were before this one.
    let nodesBefore: Int
    /// The height of the highest collection in this one.
    private(set) var height = 0

    private let isMapping: Bool
    private var items: [YAMLNode] = []
    private var entries: [YAMLMapping.Entry] = []
    private var positions: [String: SourcePosition] = [:]
    /// The key whose value comes next.
    private var key: (text: String, position: SourcePosition, isDropped: Bool)?

    init(_ event: YAMLEvent, at position: SourcePosition, nodesBefore: Int) {
        if case .mappingStart = event.kind { isMapping = true } else { isMapping = false }
        self.position = position
        self.anchor = event.anchor
        self.tag = event.tag
        self.nodesBefore = nodesBefore
    }

    var content: YAMLNode.Content {
        isMapping ? .mapping(YAMLMapping(entries)) : .sequence(items)
    }

    /// The step to what comes next in it; `nil` before a key.
    var step: NodePath.Step? {
        guard isMapping else { return .index(items.count) }
        guard let key, !key.text.isEmpty else { return nil }
        return .key(key.text)
    }

    /// Adds the next item, key or value; answers what is wrong with it.
    mutating func add(_ measured: YAMLMeasured) -> (fault: YAMLFault, position: SourcePosition)? {
        height = max(height, measured.height)
        guard isMapping else {
            items.append(measured.node)
            return nil
        }
        if let key {
            self.key = nil
            if !key.isDropped {
                entries.append(YAMLMapping.Entry(key: key.text, keyPosition: key.position, value: measured.node))
            }
            return nil
        }
        return begin(measured.node)
    }

    private mutating func begin(_ node: YAMLNode) -> (YAMLFault, SourcePosition)? {
        guard let scalar = node.scalar else {
            key = ("", node.position, true)
            return (.keyIsNoScalar, node.position)
        }
        if scalar.text == "<<", scalar.style == .plain {
            key = ("<<", node.position, true)
            return (.mergeKey, node.position)
        }
        if let first = positions[scalar.text] {
            key = (scalar.text, node.position, true)
            return (.duplicateKey(scalar.text, first: first), node.position)
        }
        positions[scalar.text] = node.position
        key = (scalar.text, node.position, false)
        return nil
    }
}

/// The tags of YAML 1.2's core schema (YAML 1.2.2 §10.3); every other one is a fault.
enum YAMLTag {
    private static let prefix = "tag:yaml.org,2002:"
    static let string = prefix + "str"

    /// What is wrong with a tag on this node, if anything.
    static func check(_ tag: String, _ node: YAMLNode) -> YAMLFault? {
        guard tag != "!" else { return nil }
        guard tag.hasPrefix(prefix) else { return .unknownTag(tag) }
        let name = tag.dropFirst(prefix.count)
        let fits: Bool? =
            switch (name, node.content) {
            case ("str", .scalar), ("seq", .sequence), ("map", .mapping): true
            case ("null", .scalar(let scalar)): scalar.value == .null
            case ("bool", .scalar(let scalar)): if case .boolean = scalar.value { true } else { false }
            case ("int", .scalar(let scalar)): if case .integer = scalar.value { true } else { false }
            case ("float", .scalar(let scalar)):
                switch scalar.value {
                case .integer, .number: true
                default: false
                }
            case ("str", _), ("seq", _), ("map", _), ("null", _), ("bool", _), ("int", _), ("float", _): false
            default: nil
            }
        guard let fits else { return .unknownTag("!!" + name) }
        return fits ? nil : .tagMismatch(tag: "!!" + name, got: node.shortDescription)
    }
}
