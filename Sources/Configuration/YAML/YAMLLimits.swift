/// How much YAML is taken, so that a hostile file costs little.
public struct YAMLLimits: Sendable, Hashable {
    /// The largest file in bytes.
    public var bytes: Int
    /// How deep lists and mappings may stand in one another.
    public var depth: Int
    /// How many nodes a document may have once aliases stand for what they name.
    public var nodes: Int

    /// Makes limits; the defaults are 4 MiB, 64 levels and 200,000 nodes, far beyond what people write by hand.
    public init(bytes: Int = 4 << 20, depth: Int = 64, nodes: Int = 200_000) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
    }
}
