import Messages

/// Finds all patterns that a topic fits, whatever their number: a tree of segments, in pages of plain numbers.
///
/// A search walks the topic once with the set of places in the tree that fit so far. Its cost depends on how many patterns
/// begin as the topic does, not on how many there are. A pattern comes and goes in time that depends on its length alone
/// (docs/decisions/0016-table-at-scale.md).
struct TopicTrie: Sendable {
    /// A place in the tree: what patterns say up to here is the same.
    struct Node: Sendable {
        /// The place after `*`; -1 for none.
        var one: Int32 = -1
        /// The place after `**`; -1 for none.
        var any: Int32 = -1
        /// The place before; -1 for the root, and the next free place when this one is free.
        var parent: Int32
        /// What leads here from there: a word's number, or one of ``Way``.
        var word: Int32
        /// The first of the entries that end here; -1 for none.
        var first: Int32 = -1
        /// How many places and entries hang on this one.
        var uses: Int32 = 0

        /// Whether this is a place after `**`, which takes any number of segments.
        var isAny: Bool { word == Way.any }
    }

    /// What leads to a place where it is no word.
    enum Way {
        static let one: Int32 = -1
        static let any: Int32 = -2
        static let root: Int32 = -3
    }

    /// A pattern that was added.
    struct Entry: Sendable {
        /// The place where it ends; -1 when the entry is free.
        var node: Int32
        /// Its neighbours among those that end there; -1 for none.
        var next: Int32
        var previous: Int32 = -1
    }

    /// A word, and how many places it leads to.
    struct Word: Sendable {
        var text: String
        var uses: Int32
    }

    var nodes = PagedArray<Node>()
    var entries = PagedArray<Entry>()
    var words = PagedArray<Word>()
    /// The numbers of words.
    var numbers = ShardedMap<String>()
    /// The way from a place by a word: both numbers in one.
    var edges = ShardedMap<UInt64>()
    private var freeNodes: [Int32] = []
    private var freeEntries: [Int32] = []
    private var freeWords: [Int32] = []
    /// How many patterns there are.
    private(set) var count = 0

    /// Creates an empty tree.
    init() {
        nodes.append(Node(parent: -1, word: Way.root))
    }

    static func edge(_ place: Int32, _ word: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: place)) << 32 | UInt64(UInt32(bitPattern: word))
    }

    static func hash(_ edge: UInt64) -> Int {
        Int(truncatingIfNeeded: (edge ^ edge >> 32) &* 0x9E37_79B9_7F4A_7C15 >> 40)
    }

    // MARK: Adding and removing

    /// Adds a pattern, also one that is there.
    ///
    /// - Returns: the number by which matches name it; that of a removed one is given again.
    mutating func insert(_ pattern: TopicPattern) -> Int32 {
        var place = pattern.source.map { child(of: 0, by: .literal($0)) } ?? child(of: 0, by: .one)
        for segment in pattern.segments { place = child(of: place, by: segment) }
        let next = nodes[Int(place)].first
        let entry = Entry(node: place, next: next)
        let number: Int32
        if let free = freeEntries.popLast() {
            number = free
            entries[Int(number)] = entry
        } else {
            number = Int32(clamping: entries.count)
            entries.append(entry)
        }
        if next >= 0 { entries[Int(next)].previous = number }
        nodes[Int(place)].first = number
        nodes[Int(place)].uses += 1
        count += 1
        return number
    }

    /// Removes a pattern by its number, with the places that only it needed.
    mutating func remove(_ number: Int32) {
        let entry = entries[Int(number)]
        guard entry.node >= 0 else { return }
        if entry.next >= 0 { entries[Int(entry.next)].previous = entry.previous }
        if entry.previous >= 0 {
            entries[Int(entry.previous)].next = entry.next
        } else {
            nodes[Int(entry.node)].first = entry.next
        }
        entries[Int(number)].node = -1
        freeEntries.append(number)
        count -= 1
        release(entry.node)
    }

    private mutating func release(_ place: Int32) {
        var place = place
        while true {
            nodes[Int(place)].uses -= 1
            let node = nodes[Int(place)]
            guard place > 0, node.uses == 0 else { return }
            switch node.word {
            case Way.one: nodes[Int(node.parent)].one = -1
            case Way.any: nodes[Int(node.parent)].any = -1
            default:
                let edge = Self.edge(node.parent, node.word)
                edges[edge, hash: Self.hash(edge)] = nil
                releaseWord(node.word)
            }
            freeNodes.append(place)
            place = node.parent
        }
    }

    private mutating func releaseWord(_ word: Int32) {
        words[Int(word)].uses -= 1
        guard words[Int(word)].uses == 0 else { return }
        let text = words[Int(word)].text
        numbers[text, hash: text.hashValue] = nil
        words[Int(word)].text = ""
        freeWords.append(word)
    }

    // MARK: Places

    private mutating func child(of place: Int32, by segment: TopicPattern.Segment) -> Int32 {
        let node = nodes[Int(place)]
        switch segment {
        case .one:
            if node.one >= 0 { return node.one }
            let child = makeNode(after: place, by: Way.one)
            nodes[Int(place)].one = child
            return child
        case .any:
            // `**/**` says no more than `**`.
            if node.isAny { return place }
            if node.any >= 0 { return node.any }
            let child = makeNode(after: place, by: Way.any)
            nodes[Int(place)].any = child
            return child
        case .literal(let text):
            let word = numbers[text, hash: text.hashValue] ?? makeWord(text)
            let edge = Self.edge(place, word)
            if let child = edges[edge, hash: Self.hash(edge)] { return child }
            let child = makeNode(after: place, by: word)
            words[Int(word)].uses += 1
            edges[edge, hash: Self.hash(edge)] = child
            return child
        }
    }

    private mutating func makeWord(_ text: String) -> Int32 {
        let number: Int32
        if let free = freeWords.popLast() {
            number = free
            words[Int(number)] = Word(text: text, uses: 0)
        } else {
            number = Int32(clamping: words.count)
            words.append(Word(text: text, uses: 0))
        }
        numbers[text, hash: text.hashValue] = number
        return number
    }

    private mutating func makeNode(after parent: Int32, by word: Int32) -> Int32 {
        nodes[Int(parent)].uses += 1
        let node = Node(parent: parent, word: word)
        if let free = freeNodes.popLast() {
            nodes[Int(free)] = node
            return free
        }
        nodes.append(node)
        return Int32(clamping: nodes.count - 1)
    }
}
