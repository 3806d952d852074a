import Messages
import SQLite

extension SpoolWriter {
    /// Writes what the stages after a hold made of a dispatch: the first draft is what becomes of it, the others are new
    /// dispatches of its message.
    ///
    /// - Returns: Whether the dispatch still waited for that; otherwise nothing changes.
    func resume(_ number: Int64, with prepared: PreparedEntry, at time: Timestamp) throws -> Bool {
        guard let first = prepared.dispatches.first, try state(of: number) == .waiting, try hasNextStage(number) else {
            return false
        }
        let steps = try details(of: number).steps
        try resume(number, with: first, at: time)
        try setDetails(of: number, envelope: first.envelope, steps: steps + first.draft.steps)
        count(from: .waiting, to: first.draft.state)
        for other in prepared.dispatches.dropFirst() {
            guard let new = try nextNumber(besides: number) else {
                throw SpoolError.full(detail: "a message has more than \(SpoolEntry.maximumDispatches) dispatches")
            }
            try insertDispatch(other, number: new, of: prepared.entry)
        }
        return true
    }

    private func hasNextStage(_ number: Int64) throws -> Bool {
        try database.withStatement("SELECT 1 FROM dispatches WHERE number = ?1 AND next_stage IS NOT NULL") {
            try $0.bind(number, at: 1)
            return try $0.firstRow { _ in true } ?? false
        }
    }

    private func resume(_ number: Int64, with dispatch: PreparedDispatch, at time: Timestamp) throws {
        let draft = dispatch.draft
        try database.withStatement(
            """
            UPDATE dispatches SET state = ?2, is_open = ?3, due = ?4, reason = ?5, settled = ?6, next_stage = ?7,
                priority = ?8, expires = ?9
            WHERE number = ?1
            """
        ) { statement in
            try statement.bind(number, at: 1)
            try statement.bind(draft.state.code, at: 2)
            try statement.bind(DispatchQueue(draft.state, due: draft.due, at: time)?.rawValue, at: 3)
            try statement.bind(draft.due.milliseconds, at: 4)
            try statement.bind(draft.reason, at: 5)
            try statement.bind(draft.state.isSettled ? time.milliseconds : nil, at: 6)
            try statement.bind(draft.nextStage.map(Int64.init), at: 7)
            try statement.bind(Int64(dispatch.priority.rank), at: 8)
            try statement.bind(dispatch.expires?.milliseconds, at: 9)
            try statement.run()
        }
    }

    /// Without an envelope the one that is there stays.
    private func setDetails(of number: Int64, envelope: [UInt8]?, steps: [StepNote]) throws {
        try database.withStatement(
            """
            INSERT INTO details VALUES (?1, ?2, ?3)
            ON CONFLICT (number) DO UPDATE SET envelope = coalesce(?2, envelope), steps = ?3
            """
        ) { statement in
            try statement.bind(number, at: 1)
            try statement.bind(envelope, at: 2)
            try statement.bind(StepNotes.encode(steps), at: 3)
            try statement.run()
        }
    }
}
