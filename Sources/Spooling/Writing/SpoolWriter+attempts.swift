import Messages
import SQLite

extension SpoolWriter {
    /// Marks attempts as begun, and returns the numbers of those that may be made.
    func begin(_ attempts: [AttemptStart]) throws -> [Int64] {
        try attempts.compactMap { attempt in
            // The row carries the last attempt; before it is overwritten the older one moves to its own table.
            if attempt.attempt > 1 {
                guard try findDispatch(attempt.number)?.attempts == attempt.attempt - 1 else { return nil }
                try keepAttempt(of: attempt.number, ifIn: .waiting)
            }
            try statements.begin.bind(attempt.number, at: 1)
            try statements.begin.bind(Int64(attempt.attempt), at: 2)
            try statements.begin.bind(attempt.started.milliseconds, at: 3)
            try statements.begin.run()
            guard database.changes == 1 else { return nil }
            count(from: .waiting, to: .trying)
            return attempt.number
        }
    }

    /// Copies the attempt that the row carries, so that the next one can take its place.
    func keepAttempt(of number: Int64, ifIn state: DispatchState) throws(SQLiteError) {
        try statements.keepAttempt.bind(number, at: 1)
        try statements.keepAttempt.bind(state.code, at: 2)
        try statements.keepAttempt.run()
    }

    /// Records how an attempt ended.
    ///
    /// - Returns: Whether the dispatch was open and this its attempt; otherwise nothing changes.
    func settle(_ prepared: PreparedSettlement) throws -> Bool {
        let settlement = prepared.settlement
        if case .delivered(let remoteIDs, let detail) = settlement.outcome, try deliver(settlement, detail) {
            count(from: .trying, to: .delivered)
            if !remoteIDs.isEmpty, let recipient = try findDispatch(settlement.number)?.recipient {
                try insertRemoteIDs(remoteIDs, settlement.number, recipient: recipient)
            }
            return true
        }
        guard let found = try findDispatch(settlement.number), !found.state.isSettled else { return false }
        // A dispatch that expires in the queue is settled without an attempt.
        let wasTried = found.state == .trying
        guard !wasTried || found.attempts == settlement.attempt else { return false }
        switch settlement.outcome {
        case .delivered(let remoteIDs, let detail):
            try end(settlement, as: .delivered, wasTried ? .delivered : nil, reason: nil, detail: detail)
            try insertRemoteIDs(remoteIDs, settlement.number, recipient: found.recipient)
            count(from: found.state, to: .delivered)
        case .deferred(let reason, let due):
            try postpone(settlement, wasTried ? .deferred : nil, reason: reason, due: due)
            count(from: found.state, to: .waiting)
        case .unknown(let reason, let due):
            try postpone(settlement, wasTried ? .unknown : nil, reason: reason, due: due)
            count(from: found.state, to: .waiting)
        case .rejected(let reason, let due):
            try postpone(settlement, wasTried ? .rejected : nil, reason: reason, due: due)
            count(from: found.state, to: .waiting)
        case .held(let reason):
            try postpone(settlement, wasTried ? .unknown : nil, reason: reason, due: settlement.finished, as: .held)
            count(from: found.state, to: .held)
        case .dead(let reason, _):
            try end(
                settlement, as: .dead, wasTried ? settlement.attemptOutcome ?? .rejected : nil, reason: reason,
                detail: wasTried ? reason : nil)
            count(from: found.state, to: .dead)
            if let bounce = prepared.bounce { _ = try accept(bounce) }
        }
        return true
    }

    /// Settles what nearly all settlements are about, the attempt under way that has delivered.
    ///
    /// It is one statement, without a look before it.
    ///
    /// - Returns: Whether this attempt was under way; otherwise nothing changes.
    private func deliver(_ settlement: Settlement, _ detail: String?) throws(SQLiteError) -> Bool {
        try statements.deliver.bind(settlement.number, at: 1)
        try statements.deliver.bind(Int64(settlement.attempt), at: 2)
        try statements.deliver.bind(settlement.finished.milliseconds, at: 3)
        try statements.deliver.bind(detail, at: 4)
        try statements.deliver.run()
        return database.changes == 1
    }

    func findDispatch(_ number: Int64) throws -> (state: DispatchState, attempts: Int, recipient: String)? {
        try statements.findDispatch.bind(number, at: 1)
        return try statements.findDispatch.firstRow { row in
            guard let state = DispatchState(code: try row.integer(0)) else { return nil }
            return (state, Int(try row.integer(1)), try row.text(2))
        } ?? nil
    }

    private func end(
        _ settlement: Settlement, as state: DispatchState, _ outcome: AttemptTrace.Outcome?, reason: String?,
        detail: String?
    ) throws(SQLiteError) {
        try statements.settle.bind(settlement.number, at: 1)
        try statements.settle.bind(state.code, at: 2)
        try statements.settle.bind(reason, at: 3)
        try statements.settle.bind(outcome == nil ? nil : settlement.finished.milliseconds, at: 4)
        try statements.settle.bind(outcome?.code, at: 5)
        try statements.settle.bind(detail, at: 6)
        try statements.settle.bind(settlement.finished.milliseconds, at: 7)
        try statements.settle.run()
    }

    private func postpone(
        _ settlement: Settlement, _ outcome: AttemptTrace.Outcome?, reason: String, due: Timestamp,
        as state: DispatchState = .waiting
    ) throws(SQLiteError) {
        leaseScans = [:]
        try statements.postpone.bind(settlement.number, at: 1)
        try statements.postpone.bind(due.milliseconds, at: 2)
        try statements.postpone.bind(reason, at: 3)
        try statements.postpone.bind(outcome == nil ? nil : settlement.finished.milliseconds, at: 4)
        try statements.postpone.bind(outcome?.code, at: 5)
        try statements.postpone.bind(outcome == nil ? nil : reason, at: 6)
        try statements.postpone.bind(state.code, at: 7)
        try statements.postpone.run()
    }

    /// Beyond other routers the ids are those of the nearest one.
    private func insertRemoteIDs(_ remoteIDs: [String], _ number: Int64, recipient: String) throws {
        guard !remoteIDs.isEmpty else { return }
        let address = try Address(parsing: recipient)
        for remoteID in remoteIDs {
            try insertRemoteID(
                remoteID, mailbox: address.peers.first ?? address.platform, DispatchNumber.sequence(of: number),
                position: DispatchNumber.position(of: number))
        }
    }

    /// Lets no dispatch wait longer, from now on, than the pause that its last attempt ended with.
    ///
    /// An attempt that ended in the future tells that the clock was set back since. The reason of such a wait is what the
    /// platform said; that of a person's is the person's.
    ///
    /// - Returns: How many were to wait longer.
    func shortenWaits(at time: Timestamp) throws -> Int {
        try database.withStatement(
            """
            UPDATE dispatches SET due = ?1 + due - finished
            WHERE is_open > 1 AND is_open = 2 AND state = 0 AND finished > ?1 AND due > finished AND reason IS detail
            """
        ) { statement in
            try statement.bind(time.milliseconds, at: 1)
            try statement.run()
        }
        return database.changes
    }

    /// Ends the attempts that a crash left unfinished: nobody knows whether the platform has the message.
    ///
    /// They are noted in the same transaction, for the exchange has yet to hold some of them.
    ///
    /// - Returns: How many there were.
    func recover(at time: Timestamp) throws -> Int {
        let found = try database.withStatement("SELECT number FROM dispatches WHERE state = 1 ORDER BY number") {
            try $0.rows { try $0.integer(0) }
        }
        interrupted = Set(try notedInterrupted() + found).sorted()
        if !found.isEmpty {
            let text = interrupted.map(String.init).joined(separator: ",")
            try setStates([StateEntry(key: Self.interruptedKey, value: Array(text.utf8))], mailbox: Self.ownScope)
        }
        let reason = "the router stopped during the attempt"
        try database.withStatement(
            """
            UPDATE dispatches SET state = 0, due = ?1, reason = ?2, finished = ?1, outcome = 2, detail = ?2
            WHERE state = 1
            """
        ) { statement in
            try statement.bind(time.milliseconds, at: 1)
            try statement.bind(reason, at: 2)
            try statement.run()
        }
        let unfinished = database.changes
        count(from: .trying, to: .waiting, Int64(unfinished))
        return unfinished
    }

    /// No mailbox can be called that.
    private static let ownScope = "*spool"
    private static let interruptedKey = "interrupted"

    /// What an earlier start has noted and nobody has seen to.
    private func notedInterrupted() throws -> [Int64] {
        let value = try database.withStatement("SELECT value FROM states WHERE mailbox = ?1 AND key = ?2") {
            try $0.bind(Self.ownScope, at: 1)
            try $0.bind(Self.interruptedKey, at: 2)
            return try $0.firstRow { try $0.bytes(0) }
        }
        return String(decoding: value ?? [], as: UTF8.self).split(separator: ",").compactMap { Int64($0) }
    }

    func forgetInterrupted() throws {
        try setStates([StateEntry(key: Self.interruptedKey, value: nil)], mailbox: Self.ownScope)
        interrupted = []
    }
}
