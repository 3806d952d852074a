/// An array that grows by a page, so that adding to a large one never copies the whole.
struct PagedArray<Element: Sendable>: Sendable {
    private static var pageBits: Int { 12 }
    private static var pageSize: Int { 1 << pageBits }

    private var pages: [ContiguousArray<Element>] = []
    private(set) var count = 0

    /// The element at an index, which must be within bounds.
    subscript(_ index: Int) -> Element {
        get { pages[index >> Self.pageBits][index & (Self.pageSize - 1)] }
        _modify { yield &pages[index >> Self.pageBits][index & (Self.pageSize - 1)] }
    }

    /// Adds an element behind the last one.
    mutating func append(_ element: Element) {
        if count & (Self.pageSize - 1) == 0 {
            var page = ContiguousArray<Element>()
            // A small table stays small; a page of a large one is filled anyway.
            if count > 0 { page.reserveCapacity(Self.pageSize) }
            pages.append(page)
        }
        pages[pages.count - 1].append(element)
        count += 1
    }
}

/// A dictionary in many parts, so that one that grows moves a thousandth of what it holds.
struct ShardedMap<Key: Hashable & Sendable>: Sendable {
    private static var shardCount: Int { 1_024 }

    private var shards = [[Key: Int32]](repeating: [:], count: shardCount)

    /// The number under a key.
    ///
    /// - Parameter hash: some number that is the same for equal keys.
    subscript(_ key: Key, hash hash: Int) -> Int32? {
        get { shards[hash & (Self.shardCount - 1)][key] }
        set { shards[hash & (Self.shardCount - 1)][key] = newValue }
    }
}
