import Messages
import SQLite

extension SpoolReader {
    /// Every lane with open dispatches.
    func lanes() throws -> [LaneSummary] {
        let rows = try database.withStatement(
            """
            SELECT l.recipient, min(CASE WHEN d.state <> 2 THEN d.due END), count(*)
            FROM dispatches d JOIN lanes l ON l.id = d.lane WHERE d.is_open = 1 GROUP BY d.lane ORDER BY l.recipient
            """
        ) {
            try $0.rows { (try $0.text(0), try $0.optionalInteger(1), Int(try $0.integer(2))) }
        }
        return rows.compactMap { recipient, due, count in
            guard let address = address(recipient, "lanes \(recipient)") else { return nil }
            return LaneSummary(
                recipient: address, nextDue: due.map(Timestamp.init(milliseconds:)), count: count)
        }
    }

    /// The next dispatches of a lane that are due.
    func load(lane: Address, dueBy time: Timestamp, limit: Int) throws -> LaneLoad {
        var scan = LaneScan(time: time.milliseconds, limit: limit)
        try database.withStatement(
            """
            SELECT d.number, d.state, d.due, d.thread, d.attempts, d.priority, d.expires, d.next_stage FROM dispatches d
            WHERE d.is_open = 1 AND d.lane = (SELECT id FROM lanes WHERE recipient = ?1) ORDER BY d.number
            """
        ) { statement in
            try statement.bind(lane.description, at: 1)
            while !scan.isDone, try statement.step() {
                scan.visit(
                    try LaneScan.Row(statement), state: DispatchState(code: try statement.integer(1)),
                    thread: try statement.optionalInteger(3))
            }
        }
        let dispatches = try scan.chosen.compactMap { try dispatch($0, recipient: lane) }
        return LaneLoad(
            dispatches: dispatches, hasMore: scan.hasMore, nextDue: scan.nextDue.map(Timestamp.init(milliseconds:)))
    }

    private func dispatch(_ row: LaneScan.Row, recipient: Address) throws -> SpooledDispatch? {
        guard let envelope = try envelope(of: row.number) else { return nil }
        let sequence = DispatchNumber.sequence(of: row.number)
        let accepted = try database.withStatement("SELECT accepted FROM messages WHERE sequence = ?1") {
            try $0.bind(sequence, at: 1)
            return try $0.firstRow { try $0.integer(0) }
        }
        return SpooledDispatch(
            number: row.number, envelope: envelope, recipient: recipient, due: Timestamp(milliseconds: row.due),
            accepted: Timestamp(milliseconds: accepted ?? row.due), attempts: row.attempts,
            priority: Priority(rank: Int(clamping: row.priority)),
            expires: row.expires.map(Timestamp.init(milliseconds:)),
            nextStage: row.nextStage.map { Int($0) })
    }

    /// Reads an address; `nil`, and noted, when it cannot be read.
    func address(_ text: String, _ place: String) -> Address? {
        do throws(MessageError) {
            return try Address(parsing: text)
        } catch {
            note(place, "\(error)")
            return nil
        }
    }
}

/// Chooses the dispatches of a lane that may go, as its rows come by in the order of acceptance.
///
/// A thread is blocked from its first dispatch that may not go: those behind it would overtake it (I3).
private struct LaneScan {
    struct Row {
        let number: Int64
        let due: Int64
        let attempts: Int
        let priority: Int64
        let expires: Int64?
        let nextStage: Int64?

        init(_ row: borrowing Statement) throws(SQLiteError) {
            number = try row.integer(0)
            due = try row.integer(2)
            attempts = Int(try row.integer(4))
            priority = try row.integer(5)
            expires = try row.optionalInteger(6)
            nextStage = try row.optionalInteger(7)
        }
    }

    private let time: Int64
    private let limit: Int
    private var blockedThreads: Set<Int64> = []
    private(set) var chosen: [Row] = []
    private(set) var hasMore = false
    private(set) var nextDue: Int64?

    init(time: Int64, limit: Int) {
        self.time = time
        self.limit = limit
    }

    /// Whether the rest of the lane need not be looked at: as many are chosen as asked for, and there is one more.
    var isDone: Bool { chosen.count >= limit && hasMore }

    mutating func visit(_ row: Row, state: DispatchState?, thread: Int64?) {
        let isBlocked = thread.map(blockedThreads.contains) ?? false
        if state == .waiting, row.due <= time, !isBlocked, chosen.count < limit {
            chosen.append(row)
            return
        }
        if let thread { blockedThreads.insert(thread) }
        guard state != .trying else { return }
        hasMore = true
        if state == .waiting, row.due > time { nextDue = min(nextDue ?? row.due, row.due) }
    }
}
