import Messages

/// Finds all patterns that a topic fits, whatever their number: a tree of segments in plain arrays.
///
/// A search walks the topic once with the set of places in the tree that fit so far. Its cost depends on how many patterns
/// begin as the topic does, not on how many there are.
struct TopicTrie: Sendable {
    /// A place in the tree: what patterns say up to here is the same.
    struct Node: Sendable {
        /// The literal segments that may follow: a range of `edges`, ordered by word.
        var edges: Range<Int32> = 0..<0
        /// The place after `*`; -1 for none.
        var one: Int32 = -1
        /// The place after `**`; -1 for none.
        var any: Int32 = -1
        /// Whether this is a place after `**`, which takes any number of segments.
        var isAny = false
        /// The patterns that end here: a range of `ends`.
        var ends: Range<Int32> = 0..<0
    }

    /// The way from a place to another by a word.
    struct Edge: Sendable {
        var word: Int32
        var node: Int32
    }

    /// The literal segments of all patterns, numbered.
    let words: [String: Int32]
    /// Where the patterns of a source begin.
    let roots: [String: Int32]
    /// Where the patterns of every source begin; -1 for none.
    let anySource: Int32
    let nodes: [Node]
    let edges: [Edge]
    /// Numbers of patterns.
    let ends: [Int32]

    /// The numbers of the patterns that the topic fits, in ascending order, each once.
    func matches(_ topic: Topic) -> [Int] {
        var active: [Int32] = []
        if let root = roots[topic.source] { enter(root, &active) }
        if anySource >= 0 { enter(anySource, &active) }
        for segment in topic.class.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !active.isEmpty else { return [] }
            let word = words[String(Substring(segment))] ?? -1
            var next: [Int32] = []
            for place in active { step(from: place, by: word, &next) }
            active = next
        }
        return found(in: active)
    }

    private func step(from place: Int32, by word: Int32, _ next: inout [Int32]) {
        let node = nodes[Int(place)]
        if node.isAny { enter(place, &next) }
        if node.one >= 0 { enter(node.one, &next) }
        if word >= 0, let child = child(of: node, by: word) { enter(child, &next) }
    }

    /// Adds a place, and those after it by a `**` that takes nothing.
    private func enter(_ place: Int32, _ places: inout [Int32]) {
        var place = place
        while place >= 0 {
            let node = nodes[Int(place)]
            // Only a place after `**` can be reached in two ways.
            if node.isAny, places.contains(place) { return }
            places.append(place)
            place = node.any
        }
    }

    private func child(of node: Node, by word: Int32) -> Int32? {
        var (low, high) = (node.edges.lowerBound, node.edges.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            let edge = edges[Int(middle)]
            if edge.word == word { return edge.node }
            if edge.word < word { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private func found(in places: [Int32]) -> [Int] {
        var found: [Int] = []
        for place in places {
            for end in nodes[Int(place)].ends { found.append(Int(ends[Int(end)])) }
        }
        guard found.count > 1 else { return found }
        found.sort()
        var last = -1
        found.removeAll { number in
            defer { last = number }
            return number == last
        }
        return found
    }
}
