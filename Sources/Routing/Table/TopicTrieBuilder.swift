import Messages

/// Collects patterns, and freezes them into a ``TopicTrie``.
struct TopicTrieBuilder {
    private struct Node {
        var children: [Int32: Int32] = [:]
        var one: Int32 = -1
        var any: Int32 = -1
        var isAny = false
        var ends: [Int32] = []
    }

    private var words: [String: Int32] = [:]
    private var roots: [String: Int32] = [:]
    private var anySource: Int32 = -1
    private var nodes: [Node] = []

    /// Adds a pattern under a number; several patterns may have one number.
    mutating func add(_ pattern: TopicPattern, number: Int) {
        var place = root(of: pattern.source)
        for segment in pattern.segments {
            place = child(of: place, by: segment)
        }
        nodes[Int(place)].ends.append(Int32(clamping: number))
    }

    private mutating func root(of source: String?) -> Int32 {
        guard let source else {
            if anySource < 0 { anySource = makeNode() }
            return anySource
        }
        if let root = roots[source] { return root }
        let root = makeNode()
        roots[source] = root
        return root
    }

    private mutating func child(of place: Int32, by segment: TopicPattern.Segment) -> Int32 {
        let index = Int(place)
        switch segment {
        case .one:
            if nodes[index].one < 0 { nodes[index].one = makeNode() }
            return nodes[index].one
        case .any:
            // `**/**` says no more than `**`.
            if nodes[index].isAny { return place }
            if nodes[index].any < 0 { nodes[index].any = makeNode(isAny: true) }
            return nodes[index].any
        case .literal(let text):
            let word = words[text] ?? Int32(clamping: words.count)
            words[text] = word
            if let child = nodes[index].children[word] { return child }
            let child = makeNode()
            nodes[index].children[word] = child
            return child
        }
    }

    private mutating func makeNode(isAny: Bool = false) -> Int32 {
        nodes.append(Node(isAny: isAny))
        return Int32(clamping: nodes.count - 1)
    }

    /// The finished tree.
    func build() -> TopicTrie {
        var (frozen, edges, ends): ([TopicTrie.Node], [TopicTrie.Edge], [Int32]) = ([], [], [])
        for node in nodes {
            let (firstEdge, firstEnd) = (Int32(clamping: edges.count), Int32(clamping: ends.count))
            edges += node.children.sorted { $0.key < $1.key }.map { TopicTrie.Edge(word: $0.key, node: $0.value) }
            ends += node.ends
            frozen.append(
                TopicTrie.Node(
                    edges: firstEdge..<Int32(clamping: edges.count), one: node.one, any: node.any, isAny: node.isAny,
                    ends: firstEnd..<Int32(clamping: ends.count)))
        }
        return TopicTrie(words: words, roots: roots, anySource: anySource, nodes: frozen, edges: edges, ends: ends)
    }
}
