import Messages
import SQLite

extension SpoolWriter {
    /// Sends a dispatch to another address: the old one ends and says where it went, a new one of the same message, with
    /// a number and so an idempotency key of its own, goes there.
    ///
    /// - Returns: The number of the new one; `nil` when it goes there already, or its message has no numbers left.
    func reroute(
        _ number: Int64, in state: DispatchState, to recipient: Address, reason: String, at time: Timestamp
    ) throws -> Int64? {
        guard try !Reroute.isRepeated(number, to: recipient.description, in: database),
            let new = try nextNumber(besides: number), let old = try findDispatch(number)?.recipient
        else { return nil }
        try copyRow(number, as: new, lane: try lane(recipient.description), at: time)
        let note = StepNote(stage: "reroute", changes: ["from \(old) (dispatch \(number)): \(reason)"])
        try copyDetails(number, as: new, adding: note)
        count(from: nil, to: state == .held ? .held : .waiting)
        try change(
            "UPDATE dispatches SET state = 5, is_open = NULL, settled = ?2, reason = ?3 WHERE number = ?1", number,
            time,
            "rerouted to \(recipient) (dispatch \(new)): \(reason)")
        count(from: state, to: .dropped)
        return new
    }

    /// The number of another dispatch of the same message; `nil` when it has as many as it may.
    func nextNumber(besides number: Int64) throws -> Int64? {
        let end = DispatchNumber.last(ofSequence: DispatchNumber.sequence(of: number))
        let last = try database.withStatement("SELECT max(number) FROM dispatches WHERE number BETWEEN ?1 AND ?2") {
            try $0.bind(number, at: 1)
            try $0.bind(end, at: 2)
            return try $0.firstRow { try $0.integer(0) } ?? number
        }
        return last < end ? last + 1 : nil
    }

    /// What was held stays held; what has not been tried yet keeps its time, a pause after a failure ends.
    private func copyRow(_ number: Int64, as new: Int64, lane: Int64, at time: Timestamp) throws {
        try database.withStatement(
            """
            INSERT INTO dispatches (number, lane, state, is_open, due, attempts, thread, route, reason, priority, expires,
                next_stage, retried, rerouted_from)
            SELECT ?2, ?3, CASE state WHEN 2 THEN 2 ELSE 0 END,
                CASE WHEN state = 2 THEN 3 WHEN attempts = 0 AND due > ?4 THEN 2 ELSE 1 END,
                CASE WHEN attempts = 0 AND due > ?4 THEN due ELSE ?4 END, 0, thread, route,
                CASE state WHEN 2 THEN reason END, priority, expires, next_stage, ?4, number
            FROM dispatches WHERE number = ?1
            """
        ) { statement in
            try statement.bind(number, at: 1)
            try statement.bind(new, at: 2)
            try statement.bind(lane, at: 3)
            try statement.bind(time.milliseconds, at: 4)
            try statement.run()
        }
    }

    private func copyDetails(_ number: Int64, as new: Int64, adding note: StepNote) throws {
        let (envelope, steps) = try details(of: number)
        try statements.insertDetails.bind(new, at: 1)
        try statements.insertDetails.bind(envelope, at: 2)
        try statements.insertDetails.bind(StepNotes.encode(steps + [note]), at: 3)
        try statements.insertDetails.run()
    }

    /// What the stages made of the message for a dispatch.
    func details(of number: Int64) throws -> (envelope: [UInt8]?, steps: [StepNote]) {
        let row = try database.withStatement("SELECT envelope, steps FROM details WHERE number = ?1") {
            try $0.bind(number, at: 1)
            return try $0.firstRow { (try $0.optionalBytes(0), try $0.optionalText(1)) }
        }
        return (row?.0, try row?.1.map(StepNotes.decode) ?? [])
    }
}

/// Whether a message goes to an address already, so that nobody gets it twice (I4).
enum Reroute {
    /// Of a message that a stage has split, every part may go to the new address: those that came from the same one.
    static func isRepeated(_ number: Int64, to recipient: String, in database: Database) throws -> Bool {
        try database.withStatement(
            """
            SELECT 1 FROM dispatches o, dispatches d, lanes l
            WHERE d.number = ?1 AND l.recipient = ?4 AND o.number BETWEEN ?2 AND ?3 AND o.lane = l.id
                AND (o.number = ?1 OR o.state <> 5)
                AND NOT (o.rerouted_from IS NOT NULL
                    AND (SELECT lane FROM dispatches WHERE number = o.rerouted_from) = d.lane AND o.number <> ?1)
            LIMIT 1
            """
        ) {
            let sequence = DispatchNumber.sequence(of: number)
            try $0.bind(number, at: 1)
            try $0.bind(DispatchNumber.first(ofSequence: sequence), at: 2)
            try $0.bind(DispatchNumber.last(ofSequence: sequence), at: 3)
            try $0.bind(recipient, at: 4)
            return try $0.firstRow { _ in true } ?? false
        }
    }
}
