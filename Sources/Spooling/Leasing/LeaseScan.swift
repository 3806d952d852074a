import Messages

/// Where the next look for dispatches to lease in a lane begins.
///
/// A lane that is being worked on begins with what is leased. Whoever comes next would pass over it row by row; instead
/// the writer remembers how far the last look went, and until when nothing before that place can be taken.
struct LeaseScanStart {
    /// The last number that was looked at, by the rank of its priority.
    var after: [Int64] = Array(repeating: 0, count: Priority.allCases.count)
    /// The earliest time at which one of those can be taken again.
    var until = Int64.max
}

/// What can be leased, as the rows of a lane come by.
struct LeaseScan {
    struct Row {
        let number: Int64
        let attempts: Int
    }

    /// The most that are wanted.
    let limit: Int
    private(set) var chosen: [Row] = []
    /// Where the next look begins.
    private(set) var start: LeaseScanStart
    /// Where this look is, by rank.
    private(set) var position: [Int64]
    /// The ranks at which a thread hid a dispatch, which an acknowledgement sets free: the next look begins there.
    private var hidden: Set<Int> = []

    init(from start: LeaseScanStart, limit: Int) {
        self.start = start
        self.limit = limit
        position = start.after
    }

    /// How many more are wanted.
    var room: Int { limit - chosen.count }

    mutating func take(_ row: Row) { chosen.append(row) }

    /// Passes a row of this rank; one that is leased or being tried can be taken again when that is over.
    mutating func pass(_ number: Int64, rank: Int, busyUntil due: Int64?) {
        position[rank] = number
        if !hidden.contains(rank) { start.after[rank] = number }
        if let due { start.until = min(start.until, due) }
    }

    /// Passes a row whose thread has an earlier one that is open.
    mutating func hide(_ number: Int64, rank: Int) {
        position[rank] = number
        hidden.insert(rank)
    }

    /// What was chosen is leased until then.
    mutating func leased(until end: Int64) { start.until = min(start.until, end) }
}
