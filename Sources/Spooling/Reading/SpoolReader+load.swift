import Messages
import SQLite

extension SpoolReader {
    /// The next dispatches of a lane that are due.
    ///
    /// - Throws: Also, and noted with the lane's name, when the list of its dispatches is damaged.
    func load(_ lane: LaneID, dueBy time: Timestamp, limit: Int) throws -> LaneLoad {
        guard let recipient = try recipient(of: lane.rawValue) else {
            return LaneLoad(dispatches: [], hasMore: false, nextDue: nil)
        }
        do {
            return try load(lane, of: recipient, dueBy: time, limit: limit)
        } catch let error as SQLiteError where error.isDamage {
            note("lane \(recipient)", "\(error)")
            throw error
        }
    }

    private func load(
        _ lane: LaneID, of recipient: Address, dueBy time: Timestamp, limit: Int
    ) throws -> LaneLoad {
        var choice = LaneChoice(limit: limit)
        try readLater(lane, dueBy: time, into: &choice)
        for priority in Priority.allCases.reversed() { try readReady(lane, priority, into: &choice, dueBy: time) }
        choice.choose()
        let nextDue = try nextDue(in: lane, after: time)
        let hasMore = try choice.hasMore || nextDue != nil || hasHeld(in: lane)
        let dispatches = try choice.chosen.compactMap { try dispatch($0, recipient: recipient, lane: lane) }
        return LaneLoad(
            dispatches: dispatches, hasMore: hasMore, nextDue: nextDue.map(Timestamp.init(milliseconds:)))
    }

    /// Waiting dispatches whose own time is over.
    func expired(by time: Timestamp, limit: Int) throws -> ExpiredDispatches {
        let rows = try database.withStatement(
            """
            SELECT \(LaneCandidate.columns), lane FROM dispatches
            WHERE is_open < 3 AND expires <= ?1 AND state = 0 AND (outcome IS NOT 4 OR due <= ?1) ORDER BY expires LIMIT ?2
            """
        ) {
            try $0.bind(time.milliseconds, at: 1)
            try $0.bind(Int64(limit), at: 2)
            return try $0.rows { (try LaneCandidate($0), LaneID(try $0.integer(9))) }
        }
        let next = try database.withStatement(
            "SELECT expires FROM dispatches WHERE is_open < 3 AND expires > ?1 ORDER BY expires LIMIT 1"
        ) {
            try $0.bind(time.milliseconds, at: 1)
            return try $0.firstRow { try $0.integer(0) }
        }
        let dispatches = try rows.compactMap { row, lane in
            try recipient(of: lane.rawValue).flatMap { try dispatch(row, recipient: $0, lane: lane) }
        }
        return ExpiredDispatches(
            dispatches: dispatches, next: next.map(Timestamp.init(milliseconds:)), hasMore: rows.count == limit)
    }

    private func readLater(_ lane: LaneID, dueBy time: Timestamp, into choice: inout LaneChoice) throws {
        try database.withStatement(
            """
            SELECT \(LaneCandidate.columns) FROM dispatches
            WHERE is_open > 1 AND lane = ?1 AND is_open = 2 AND due <= ?2 ORDER BY due
            """
        ) { statement in
            try statement.bind(lane.rawValue, at: 1)
            try statement.bind(time.milliseconds, at: 2)
            while !choice.hasEnoughLater, try statement.step() {
                let row = try LaneCandidate(statement)
                choice.offerLater(row, try thread(of: row, in: lane, dueBy: time, &choice))
            }
        }
    }

    private func readReady(
        _ lane: LaneID, _ priority: Priority, into choice: inout LaneChoice, dueBy time: Timestamp
    ) throws {
        try database.withStatement(
            """
            SELECT \(LaneCandidate.columns) FROM dispatches
            WHERE is_open = 1 AND lane = ?1 AND priority = ?2 ORDER BY number
            """
        ) { statement in
            try statement.bind(lane.rawValue, at: 1)
            try statement.bind(Int64(priority.rank), at: 2)
            while !choice.hasEnoughReady(priority.rank), try statement.step() {
                let row = try LaneCandidate(statement)
                choice.offerReady(row, try thread(of: row, in: lane, dueBy: time, &choice))
            }
        }
    }

    /// The dispatches of the row's thread that may go, in order, up to the first that may not; `nil` without a thread.
    private func thread(
        of row: LaneCandidate, in lane: LaneID, dueBy time: Timestamp, _ choice: inout LaneChoice
    ) throws -> [Int64]? {
        guard let thread = row.thread else { return nil }
        if let known = choice.threads[thread] { return known }
        var free: [Int64] = []
        try database.withStatement(
            """
            SELECT number, state, is_open, due FROM dispatches
            WHERE is_open > 0 AND lane = ?1 AND thread = ?2 ORDER BY number
            """
        ) { statement in
            try statement.bind(lane.rawValue, at: 1)
            try statement.bind(thread, at: 2)
            while free.count < choice.limit, try statement.step() {
                let isReady = try statement.integer(2) == DispatchQueue.ready.rawValue
                let isDue = try isReady || statement.integer(3) <= time.milliseconds
                guard isDue, try statement.integer(1) == DispatchState.waiting.code else { break }
                free.append(try statement.integer(0))
            }
        }
        choice.threads[thread] = free
        return free
    }

    private func nextDue(in lane: LaneID, after time: Timestamp) throws -> Int64? {
        try database.withStatement(
            """
            SELECT due FROM dispatches
            WHERE is_open > 1 AND lane = ?1 AND is_open = 2 AND due > ?2 ORDER BY due LIMIT 1
            """
        ) {
            try $0.bind(lane.rawValue, at: 1)
            try $0.bind(time.milliseconds, at: 2)
            return try $0.firstRow { try $0.integer(0) }
        }
    }

    private func hasHeld(in lane: LaneID) throws -> Bool {
        try database.withStatement(
            "SELECT 1 FROM dispatches WHERE is_open > 1 AND lane = ?1 AND is_open = 3 LIMIT 1"
        ) {
            try $0.bind(lane.rawValue, at: 1)
            return try $0.firstRow { _ in true } ?? false
        }
    }

    private func dispatch(_ row: LaneCandidate, recipient: Address, lane: LaneID) throws -> SpooledDispatch? {
        guard let envelope = try envelope(of: row.number) else { return nil }
        let sequence = DispatchNumber.sequence(of: row.number)
        let accepted = try noting("messages \(sequence)", dispatch: row.number) {
            try database.withStatement("SELECT accepted FROM messages WHERE sequence = ?1") {
                try $0.bind(sequence, at: 1)
                return try $0.firstRow { try $0.integer(0) }
            }
        }
        guard let accepted else { return nil }
        return SpooledDispatch(
            number: row.number, envelope: envelope, recipient: recipient, lane: lane,
            due: Timestamp(milliseconds: row.due), accepted: Timestamp(milliseconds: accepted ?? row.due),
            attempts: row.attempts, priority: Priority(rank: row.priority),
            expires: row.expires.map(Timestamp.init(milliseconds:)), nextStage: row.nextStage,
            retried: row.retried.map(Timestamp.init(milliseconds:)))
    }
}
