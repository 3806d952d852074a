import AdapterKit
import Messages

/// One feed's part of the mailbox's memory.
///
/// Keys: `feed/<name>`, `seen/<name>/<entry>`, `waiting/<name>/<number>`. A feed's name has no slash in it.
struct FeedStore: Sendable {
    private let state: any StateStore
    private let name: String
    private static let pageSize = 1_000

    init(_ state: any StateStore, feed name: String) {
        self.state = state
        self.name = name
    }

    func load() async throws -> FeedState {
        try await state.value(for: "feed/\(name)").map(FeedState.init(encoded:)) ?? FeedState()
    }

    /// Every entry that is remembered.
    func seenEntries() async throws -> [SeenEntry] {
        let prefix = "seen/\(name)/"
        var entries: [SeenEntry] = []
        var last: String?
        while true {
            let page = try await state.entries(prefix: prefix, after: last, limit: Self.pageSize)
            entries += page.compactMap { SeenEntry(key: String($0.key.dropFirst(prefix.count)), encoded: $0.value) }
            guard page.count == Self.pageSize, let key = page.last?.key else { return entries }
            last = key
        }
    }

    /// The oldest posts that wait, with the keys they wait under.
    func waiting(limit: Int) async throws -> [(key: String, post: FeedPost?)] {
        try await state.entries(prefix: "waiting/\(name)/", after: nil, limit: limit).map { key, value in
            (key, FeedPost(encoded: value))
        }
    }

    /// Writes the state and everything that changed with it, in one transaction.
    func save(
        _ state: FeedState, seen: [SeenEntry] = [], forgotten: [String] = [], waiting: [FeedPost] = [],
        done: [String] = []
    ) async throws -> FeedState {
        var state = state
        var changes: [(key: String, value: [UInt8]?)] = done.map { ($0, nil) }
        changes += forgotten.map { ("seen/\(name)/\($0)", nil) }
        changes += seen.map { ("seen/\(name)/\($0.key)", $0.encoded) }
        for post in waiting {
            let number = String(state.sequence)
            let padded = String(repeating: "0", count: max(0, 19 - number.count)) + number
            changes.append(("waiting/\(name)/\(padded)", post.json.encoded()))
            state.sequence += 1
        }
        changes.append(("feed/\(name)", state.encoded))
        try await self.state.set(changes)
        return state
    }
}
