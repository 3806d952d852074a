/// A node of a YAML document that remembers where it stands.
///
/// Two nodes are equal when their contents are: positions, comments and the kind of quotes do not count, so a file that
/// was only moved about is equal to what it was.
public struct YAMLNode: Sendable {
    /// What a node can be.
    public enum Content: Sendable, Hashable {
        /// A text, number, boolean or null.
        case scalar(YAMLScalar)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values, in the order of the file.
        case mapping(YAMLMapping)
    }

    /// What the node is.
    public var content: Content
    /// Where the node begins.
    public var position: SourcePosition

    /// Makes a node.
    public init(_ content: Content, at position: SourcePosition) {
        self.content = content
        self.position = position
    }
}

extension YAMLNode: Hashable {
    /// Compares what the nodes say, not where they stand.
    public static func == (left: Self, right: Self) -> Bool { left.content == right.content }

    /// Hashes what the node says.
    public func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

/// Keys and values in the order of the file; no key stands in it twice.
public struct YAMLMapping: Sendable {
    /// One key with its value.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public var key: String
        /// Where the key stands.
        public var keyPosition: SourcePosition
        /// The value.
        public var value: YAMLNode

        /// Makes an entry.
        public init(key: String, keyPosition: SourcePosition, value: YAMLNode) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }

        /// Compares keys and values, not positions.
        public static func == (left: Self, right: Self) -> Bool { left.key == right.key && left.value == right.value }

        /// Hashes key and value.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(key)
            hasher.combine(value)
        }
    }

    /// The entries, in the order of the file.
    public var entries: [Entry]
    /// What the loader read for a mapping of the form `{file: path}`; it counts only where a scalar is expected.
    var fileFillIn: FileFillIn?

    /// Makes a mapping; of equal keys the first one counts.
    public init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    /// The keys, in the order of the file.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a key; linear in the number of keys.
    public subscript(key: String) -> YAMLNode? { entry(key)?.value }

    /// The entry of a key; linear in the number of keys.
    public func entry(_ key: String) -> Entry? { entries.first { $0.key == key } }
}

extension YAMLMapping: Hashable {}

extension YAMLNode {
    /// The scalar, if the node is one.
    public var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }

    /// The items, if the node is a sequence.
    public var sequence: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }

    /// The mapping, if the node is one.
    public var mapping: YAMLMapping? { if case .mapping(let mapping) = content { mapping } else { nil } }

    /// Whether the node is a plain null: an empty value, `~` or `null`.
    public var isNull: Bool { scalar?.value == .null }

    /// The value of a key, if the node is a mapping that has it.
    public subscript(key: String) -> YAMLNode? { mapping?[key] }

    /// The node at the end of a path, if there is one.
    public subscript(path: NodePath) -> YAMLNode? {
        var node = self
        for step in path.steps {
            switch step {
            case .key(let key):
                guard let next = node[key] else { return nil }
                node = next
            case .index(let index):
                guard let items = node.sequence, items.indices.contains(index) else { return nil }
                node = items[index]
            }
        }
        return node
    }

    /// The node with all that is in it at one place, such as the variable it came from.
    func moved(to position: SourcePosition) -> YAMLNode {
        switch content {
        case .scalar: return YAMLNode(content, at: position)
        case .sequence(let items): return YAMLNode(.sequence(items.map { $0.moved(to: position) }), at: position)
        case .mapping(let mapping):
            let entries = mapping.entries.map {
                YAMLMapping.Entry(key: $0.key, keyPosition: position, value: $0.value.moved(to: position))
            }
            return YAMLNode(.mapping(YAMLMapping(entries)), at: position)
        }
    }

    /// What the node is, for a message that says what stood there instead of what was expected.
    ///
    /// Values that came from the environment or a file are not shown, for they may be secrets.
    public var shortDescription: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let scalar): scalar.shortDescription(isHidden: position.isEnvironment)
        }
    }
}
