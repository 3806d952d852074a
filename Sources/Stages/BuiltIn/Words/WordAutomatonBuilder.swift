/// Builds the automaton of a list of words.
struct WordAutomatonBuilder {
    /// The words in their order, each as symbols, no two alike.
    private let words: [[UInt16]]
    private let order: [Int]
    private let symbols: SymbolTable
    private var slots: [WordAutomaton.Slot] = []
    private var ends: [Int32] = []
    /// The free slots are linked, so that a place is found without looking at those that are taken.
    private var nextFree: [Int32] = []
    private var previousFree: [Int32] = []
    /// Children in the order of their depth: the state and the symbol that leads there.
    private var children: [(state: Int32, symbol: UInt16)] = []

    /// A state whose children are to be placed: the words from `lower` to `upper` go on from it.
    private struct Branch {
        var state: Int
        var lower: Int
        var upper: Int
        var depth: Int
    }

    private init(_ words: [[UInt16]], symbols: SymbolTable) {
        self.words = words
        self.symbols = symbols
        order = words.indices.filter { !words[$0].isEmpty }.sorted { words[$0].lexicographicallyPrecedes(words[$1]) }
    }

    /// The automaton of words that are given as symbols; of two alike the first one's number counts.
    static func automaton(of words: [[UInt16]], symbols: SymbolTable) -> WordAutomaton {
        var builder = WordAutomatonBuilder(words, symbols: symbols)
        builder.placeAll()
        builder.link()
        return WordAutomaton(symbols: symbols, slots: builder.slots, words: builder.ends)
    }

    // MARK: The trie

    private mutating func placeAll() {
        grow(to: symbols.count + 2)
        take(0)
        var queue = [Branch(state: 0, lower: 0, upper: order.count, depth: 0)]
        var head = 0
        while head < queue.count {
            place(queue[head], &queue)
            head += 1
            // What is done is let go now and then: the queue of a large list would be large too.
            if head == 65_536 {
                queue.removeFirst(head)
                head = 0
            }
        }
        let last = slots.indices.last { slots[$0].parent >= 0 } ?? 0
        let needed = (slots[0...last].map { Int($0.base) }.max() ?? 0) + symbols.count + 2
        grow(to: needed)
        slots.removeLast(slots.count - max(needed, last + 1))
        ends.removeLast(ends.count - slots.count)
    }

    private mutating func place(_ branch: Branch, _ queue: inout [Branch]) {
        var lower = branch.lower
        while lower < branch.upper, words[order[lower]].count == branch.depth {
            if ends[branch.state] < 0 { ends[branch.state] = Int32(truncatingIfNeeded: order[lower]) }
            lower += 1
        }
        var groups: [(symbol: UInt16, lower: Int, upper: Int)] = []
        while lower < branch.upper {
            let symbol = words[order[lower]][branch.depth]
            let upper = order[lower..<branch.upper].firstIndex { words[$0][branch.depth] != symbol } ?? branch.upper
            groups.append((symbol, lower, upper))
            lower = upper
        }
        guard !groups.isEmpty else { return }
        let base = findBase(groups.map { Int($0.symbol) })
        slots[branch.state].base = Int32(truncatingIfNeeded: base)
        for group in groups {
            let child = base + Int(group.symbol)
            take(child)
            slots[child].parent = Int32(truncatingIfNeeded: branch.state)
            children.append((Int32(truncatingIfNeeded: child), group.symbol))
            queue.append(Branch(state: child, lower: group.lower, upper: group.upper, depth: branch.depth + 1))
        }
    }

    /// Where all symbols find a free slot behind; of a branchy state only some places are tried, then the end is taken.
    private mutating func findBase(_ symbols: [Int]) -> Int {
        var free = nextFree[slots.count]
        var tries = 0
        while free >= 0, tries < 200 {
            let base = Int(free) - symbols[0]
            if base >= 0, symbols.allSatisfy({ base + $0 >= slots.count || isFree(base + $0) }) {
                grow(to: base + (symbols.last ?? 0) + 1)
                return base
            }
            if base >= 0 { tries += 1 }
            free = nextFree[Int(free)]
        }
        let base = slots.count
        grow(to: base + (symbols.last ?? 0) + 1)
        return base
    }

    // MARK: Free slots; the list's head lies behind the last slot

    private func isFree(_ slot: Int) -> Bool { previousFree[slot] >= 0 }

    private mutating func grow(to count: Int) {
        guard count > slots.count else { return }
        let (old, new) = (slots.count, max(count, slots.count + slots.count / 2))
        // The head moves to the new end; the new slots come last in its list.
        let (first, last) = old == 0 ? (Int32(-1), Int32(-1)) : (nextFree[old], previousFree[old])
        slots += repeatElement(WordAutomaton.Slot(), count: new - old)
        ends += repeatElement(-1, count: new - old)
        nextFree = Array(nextFree.prefix(old)) + (old..<new).map { Int32($0 + 1 < new ? $0 + 1 : -1) } + [0]
        previousFree = Array(previousFree.prefix(old)) + (old..<new).map { Int32($0 > old ? $0 - 1 : new) } + [0]
        nextFree[new] = first < 0 ? Int32(old) : first
        previousFree[new] = Int32(new - 1)
        if first >= 0 {
            nextFree[Int(last)] = Int32(old)
            previousFree[old] = last
            previousFree[Int(first)] = Int32(new)
        }
    }

    private mutating func take(_ slot: Int) {
        let (previous, next) = (previousFree[slot], nextFree[slot])
        nextFree[Int(previous)] = next
        if next >= 0 { previousFree[Int(next)] = previous } else { previousFree[slots.count] = previous }
        previousFree[slot] = -1
    }

    // MARK: Failure links

    private mutating func link() {
        for (state, symbol) in children {
            let (state, parent) = (Int(state), Int(slots[Int(state)].parent))
            var fail = 0
            if parent != 0 {
                var candidate = Int(slots[parent].fail)
                fail = child(of: candidate, symbol)
                while fail == 0, candidate != 0 {
                    candidate = Int(slots[candidate].fail)
                    fail = child(of: candidate, symbol)
                }
            }
            slots[state].fail = Int32(truncatingIfNeeded: fail)
            slots[state].ending = ends[state] >= 0 ? Int32(truncatingIfNeeded: state) : slots[fail].ending
        }
    }

    private func child(of state: Int, _ symbol: UInt16) -> Int {
        let place = Int(slots[state].base) + Int(symbol)
        return slots[place].parent == Int32(truncatingIfNeeded: state) ? place : 0
    }
}
