import Messages
import SQLite

/// What a look at some messages says of a sweep.
struct SweepPlan: Sendable {
    /// What may go, each run one transaction.
    var runs: [SweepRun] = []
    /// Where the next look goes on; `nil` at the end.
    var next: Int64?
}

extension SpoolReader {
    /// How many messages one look takes in.
    private static let sweepLook = 2_000
    /// How many dispatches one run may have; a run of one message may have more.
    private static let sweepRun = 500

    /// Looks at the messages after `cursor` and finds those whose dispatches were all settled before `time`; dead
    /// letters stay, until somebody retries or drops them.
    func sweepPlan(after cursor: Int64, settledBefore time: Timestamp) throws -> SweepPlan {
        let candidates = try database.withStatement(
            "SELECT sequence, accepted FROM messages WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"
        ) { statement in
            try statement.bind(cursor, at: 1)
            try statement.bind(Int64(Self.sweepLook), at: 2)
            return try statement.rows { (sequence: try $0.integer(0), isOld: try $0.integer(1) < time.milliseconds) }
        }
        var plan = SweepPlan()
        // Nothing is settled before it was accepted, so a look at young messages is the end.
        guard let first = candidates.first, let last = candidates.last, candidates.contains(where: \.isOld) else {
            return plan
        }
        if candidates.count == Self.sweepLook { plan.next = last.sequence }
        let counts = try dispatchCounts(first.sequence...last.sequence, settledBefore: time)
        var run: SweepRun?
        var size = 0
        for (sequence, isOld) in candidates {
            let (count, isFinished) = counts[sequence] ?? (0, true)
            let mayGo = isOld && isFinished
            if let done = run, !mayGo || size + count > Self.sweepRun {
                plan.runs.append(done)
                run = nil
                size = 0
            }
            guard mayGo else { continue }
            run = (run?.lowerBound ?? sequence)...sequence
            // A message without dispatches is work as well.
            size += max(count, 1)
        }
        if let run { plan.runs.append(run) }
        return plan
    }

    /// How many dispatches each message has, and whether all of them are finished.
    private func dispatchCounts(
        _ run: SweepRun, settledBefore time: Timestamp
    ) throws -> [Int64: (count: Int, isFinished: Bool)] {
        try database.withStatement(
            """
            SELECT number / 4096, count(*), max(is_open IS NOT NULL OR state = 4 OR settled >= ?3) FROM dispatches
            WHERE number BETWEEN ?1 AND ?2 GROUP BY number / 4096
            """
        ) { statement in
            try statement.bind(DispatchNumber.first(ofSequence: run.lowerBound), at: 1)
            try statement.bind(DispatchNumber.last(ofSequence: run.upperBound), at: 2)
            try statement.bind(time.milliseconds, at: 3)
            var counts: [Int64: (count: Int, isFinished: Bool)] = [:]
            while try statement.step() {
                counts[try statement.integer(0)] = (Int(try statement.integer(1)), try statement.integer(2) == 0)
            }
            return counts
        }
    }

    // MARK: Names

    /// How many recipients and routes have a number.
    func nameCount() throws -> Int {
        Int(try database.integer("SELECT (SELECT count(*) FROM lanes) + (SELECT count(*) FROM routes)") ?? 0)
    }

    /// Every recipient and route that has a number.
    func names() throws -> SpoolNames {
        SpoolNames(
            lanes: Set(try database.withStatement("SELECT id FROM lanes") { try $0.rows { try $0.integer(0) } }),
            routes: Set(try database.withStatement("SELECT id FROM routes") { try $0.rows { try $0.integer(0) } }))
    }

    /// How many dispatches one look at their names takes in.
    private static let namesLook = 20_000

    /// Takes the names of some dispatches after `number` out of those that are unused.
    ///
    /// - Returns: Where the next look goes on; `nil` at the end.
    func takeUsedNames(after number: Int64, from unused: inout SpoolNames) throws -> Int64? {
        try database.withStatement(
            "SELECT number, lane, route FROM dispatches WHERE number > ?1 ORDER BY number LIMIT ?2"
        ) { statement in
            try statement.bind(number, at: 1)
            try statement.bind(Int64(Self.namesLook), at: 2)
            var last: Int64?
            while try statement.step() {
                last = try statement.integer(0)
                unused.lanes.remove(try statement.integer(1))
                unused.routes.remove(try statement.integer(2))
            }
            return last
        }
    }
}
