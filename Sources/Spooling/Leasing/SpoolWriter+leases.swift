import Messages
import SQLite

extension SpoolWriter {
    /// Leases the next dispatches of a lane; see ``MessageSpool/lease(lane:_:patience:at:)``.
    func lease(lane recipient: String, _ terms: LeaseTerms, patience: Duration, at time: Timestamp) throws -> LaneLease
    {
        let statements = try leaseStatements()
        try statements.findLane.bind(recipient, at: 1)
        guard let lane = try statements.findLane.firstRow({ try $0.integer(0) }) else { return LaneLease() }
        var scan = try scan(lane, terms.count, at: time.milliseconds, statements)
        let end = time + terms.duration
        var result = LaneLease(mayHaveMore: scan.room == 0)
        var bytes = 0
        for row in scan.chosen {
            guard let leased = try content(of: row, statements, at: time) else { continue }
            if leased.isExpired(at: time, patience: patience) {
                // Not leased, so that it is found again should the router end before it is given up.
                result.expired.append(leased)
                continue
            }
            bytes += leased.envelope.count
            guard bytes <= LeaseTerms.maximumBytes || result.dispatches.isEmpty else {
                // The rest stays where it is, to be found by the next look.
                result.mayHaveMore = true
                break
            }
            try begin(row, at: time, until: end, statements)
            result.dispatches.append(leased)
        }
        if !result.dispatches.isEmpty { scan.leased(until: end.milliseconds) }
        leaseScans[lane] = result.dispatches.count == scan.chosen.count ? scan.start : nil
        if result.dispatches.isEmpty { result.nextDue = try nextDue(lane, scan.start, at: time, statements) }
        return result
    }

    private func leaseStatements() throws -> LeaseStatements {
        if let made = preparedLeases { return made }
        let made = try LeaseStatements(database)
        preparedLeases = made
        return made
    }

    /// Looks for dispatches that can be leased: up to half of them such as have waited for their time, then by priority,
    /// of which the lower ones get a quarter of what the higher leave room for, so that nothing waits for ever.
    private func scan(
        _ lane: Int64, _ limit: Int, at now: Int64, _ statements: LeaseStatements
    ) throws -> LeaseScan {
        var start = leaseScans[lane] ?? LeaseScanStart()
        if start.until <= now { start = LeaseScanStart() }
        var scan = LeaseScan(from: start, limit: limit)
        try statements.later.bind(lane, at: 1)
        try statements.later.bind(now, at: 2)
        try statements.later.bind(Int64(max(1, limit / 2)), at: 3)
        try statements.later.forEachRow { row in
            scan.take(LeaseScan.Row(number: try row.integer(0), attempts: Int(try row.integer(1))))
        }
        let ranks = Priority.allCases.map(\.rank).sorted(by: >)
        for rank in ranks where scan.room > 0 {
            let share = rank == ranks.last ? scan.room : max(1, scan.room - scan.room / 4)
            try scanReady(lane, rank, share, at: now, &scan, statements)
        }
        for rank in ranks where scan.room > 0 {
            try scanReady(lane, rank, scan.room, at: now, &scan, statements)
        }
        return scan
    }

    private func scanReady(
        _ lane: Int64, _ rank: Int, _ count: Int, at now: Int64, _ scan: inout LeaseScan,
        _ statements: LeaseStatements
    ) throws {
        var wanted = count
        try statements.ready.bind(lane, at: 1)
        try statements.ready.bind(Int64(rank), at: 2)
        try statements.ready.bind(scan.position[rank], at: 3)
        defer { statements.ready.reset() }
        while wanted > 0, try statements.ready.step() {
            let number = try statements.ready.integer(0)
            let isWaiting = try statements.ready.integer(2) == DispatchState.waiting.code
            let due = try statements.ready.integer(3)
            guard try statements.ready.integer(4) == 0 else {
                scan.hide(number, rank: rank)
                continue
            }
            guard isWaiting, due <= now else {
                scan.pass(number, rank: rank, busyUntil: isWaiting ? due : nil)
                continue
            }
            scan.take(LeaseScan.Row(number: number, attempts: Int(try statements.ready.integer(1))))
            scan.pass(number, rank: rank, busyUntil: nil)
            wanted -= 1
        }
    }

    private func nextDue(
        _ lane: Int64, _ start: LeaseScanStart, at now: Timestamp, _ statements: LeaseStatements
    ) throws -> Timestamp? {
        try statements.nextDue.bind(lane, at: 1)
        try statements.nextDue.bind(now.milliseconds, at: 2)
        let later = try statements.nextDue.firstRow { try $0.integer(0) }
        let next = min(start.until, later ?? .max)
        return next == .max ? nil : Timestamp(milliseconds: next)
    }

    /// What a program gets; `nil`, and set aside, when it cannot be read.
    private func content(
        of row: LeaseScan.Row, _ statements: LeaseStatements, at time: Timestamp
    ) throws -> LeasedDispatch? {
        let sequence = DispatchNumber.sequence(of: row.number)
        try statements.content.bind(sequence, at: 1)
        try statements.content.bind(row.number, at: 2)
        let found: LeasedDispatch? =
            try statements.content.firstRow { columns in
                guard let id = MessageID(bytes: try columns.bytes(0)) else { return nil }
                return LeasedDispatch(
                    lease: Lease(number: row.number, attempt: row.attempts + 1), message: id,
                    accepted: Timestamp(milliseconds: try columns.integer(1)), envelope: try columns.bytes(2))
            } ?? nil
        if let found { return found }
        _ = try setAside(
            [Damage(place: "messages \(sequence)", reason: "the row is missing", dispatch: row.number)], at: time)
        return nil
    }

    /// Records the lease as an attempt; the one before it, if any, moves to its own table.
    private func begin(
        _ row: LeaseScan.Row, at time: Timestamp, until end: Timestamp, _ statements: LeaseStatements
    ) throws(SQLiteError) {
        if row.attempts > 0 {
            try statements.keepAttempt.bind(row.number, at: 1)
            try statements.keepAttempt.bind("the lease ran out", at: 2)
            try statements.keepAttempt.run()
        }
        try statements.lease.bind(row.number, at: 1)
        try statements.lease.bind(Int64(row.attempts + 1), at: 2)
        try statements.lease.bind(time.milliseconds, at: 3)
        try statements.lease.bind(end.milliseconds, at: 4)
        try statements.lease.run()
    }

    /// Ends or prolongs leases; says of each whether it held.
    func settle(
        _ leases: [Lease], lane recipient: String, as ending: LeaseEnding, at time: Timestamp
    ) throws -> [Bool] {
        let statements = try leaseStatements()
        try statements.findLane.bind(recipient, at: 1)
        guard let lane = try statements.findLane.firstRow({ try $0.integer(0) }) else {
            return Array(repeating: false, count: leases.count)
        }
        switch ending {
        case .delivered:
            let held = try end(leases, lane, at: time, statements.acknowledge)
            count(from: .waiting, to: .delivered, Int64(held.count(where: { $0 })))
            return held
        case .returned(let reason, let due):
            leaseScans[lane] = nil
            return try end(leases, lane, at: time, statements.giveBack) { statement throws(SQLiteError) in
                try statement.bind(due.milliseconds, at: 5)
                try statement.bind(reason, at: 6)
            }
        case .extended(let until):
            leaseScans[lane] = nil
            return try end(leases, lane, at: time, statements.extend) { statement throws(SQLiteError) in
                try statement.bind(until.milliseconds, at: 5)
            }
        }
    }

    private func end(
        _ leases: [Lease], _ lane: Int64, at time: Timestamp, _ statement: borrowing Statement,
        binding bindMore: (borrowing Statement) throws(SQLiteError) -> Void = { _ in }
    ) throws(SQLiteError) -> [Bool] {
        try statement.bind(lane, at: 2)
        try statement.bind(time.milliseconds, at: 4)
        try bindMore(statement)
        var held: [Bool] = []
        held.reserveCapacity(leases.count)
        for lease in leases {
            try statement.bind(lease.number, at: 1)
            try statement.bind(Int64(lease.attempt), at: 3)
            try statement.run()
            held.append(database.changes == 1)
        }
        return held
    }
}
