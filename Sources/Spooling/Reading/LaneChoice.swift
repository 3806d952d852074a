import SQLite

/// A row of a lane that may be among the next to go.
struct LaneCandidate {
    static let columns = "number, state, due, thread, attempts, priority, expires, next_stage, retried"

    let number: Int64
    let state: Int64
    let due: Int64
    let thread: Int64?
    let attempts: Int
    let priority: Int
    let expires: Int64?
    let nextStage: Int?
    let retried: Int64?

    init(_ row: borrowing Statement) throws(SQLiteError) {
        number = try row.integer(0)
        state = try row.integer(1)
        due = try row.integer(2)
        thread = try row.optionalInteger(3)
        attempts = Int(try row.integer(4))
        priority = Int(clamping: try row.integer(5))
        expires = try row.optionalInteger(6)
        nextStage = try row.optionalInteger(7).map { Int(clamping: $0) }
        retried = try row.optionalInteger(8)
    }
}

/// Chooses the dispatches of a lane that go next.
///
/// Those that have waited for their time and those that have not yet been tried alternate, a quarter of the places is
/// for the oldest, and the rest goes by priority: so none of them waits for ever for the others. A dispatch is chosen
/// only when all open ones before it in its thread are (I3).
struct LaneChoice {
    let limit: Int
    /// The dispatches of each thread that may go, up to the first that may not.
    var threads: [Int64: [Int64]] = [:]
    /// What may go or is in the way, besides those chosen.
    private(set) var hasMore = false
    private var later: [LaneCandidate] = []
    private var ready: [[LaneCandidate]] = Array(repeating: [], count: 4)
    private var taken: [Int64: LaneCandidate] = [:]

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// The chosen ones in the order of acceptance.
    var chosen: [LaneCandidate] { taken.values.sorted { $0.number < $1.number } }

    /// One more than asked for is looked at, to know whether there is more.
    var hasEnoughLater: Bool { later.count > limit }

    func hasEnoughReady(_ priority: Int) -> Bool { ready[priority].count > limit }

    mutating func offerLater(_ row: LaneCandidate, _ thread: [Int64]?) {
        if isFree(row, thread) { later.append(row) }
    }

    mutating func offerReady(_ row: LaneCandidate, _ thread: [Int64]?) {
        if isFree(row, thread) { ready[min(max(row.priority, 0), 3)].append(row) }
    }

    mutating func choose() {
        let oldest = ready.joined().sorted { $0.number < $1.number }
        let byPriority = ready.reversed().joined()
        take(later, upTo: limit / 2)
        take(oldest, upTo: taken.count + (limit + 3) / 4)
        take(byPriority, upTo: limit)
        // A second look takes those whose predecessors came later in the first.
        take(later, upTo: limit)
        take(byPriority, upTo: limit)
        if taken.count < later.count + oldest.count { hasMore = true }
    }

    private mutating func isFree(_ row: LaneCandidate, _ thread: [Int64]?) -> Bool {
        guard row.state == DispatchState.waiting.code else { return false }
        guard let thread, !thread.contains(row.number) else { return true }
        hasMore = true
        return false
    }

    private mutating func take(_ rows: some Sequence<LaneCandidate>, upTo count: Int) {
        for row in rows where taken.count < count && taken[row.number] == nil {
            if let thread = row.thread.flatMap({ threads[$0] }),
                !thread.prefix(while: { $0 < row.number }).allSatisfy({ taken[$0] != nil })
            {
                continue
            }
            taken[row.number] = row
        }
    }
}
