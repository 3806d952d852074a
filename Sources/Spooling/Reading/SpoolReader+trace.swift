import Messages
import SQLite

extension SpoolReader {
    /// Everything known of a message.
    ///
    /// - Throws: ``SpoolError/disk(detail:)`` when the message is there and cannot be read.
    func trace(of message: MessageID) throws -> MessageTrace? {
        guard let sequence = try sequence(of: message) else { return nil }
        let unreadable = SpoolError.disk(
            detail: "message \(message) cannot be read; it is listed among the damaged rows")
        let row = try noting("messages \(sequence)") {
            try database.withStatement("SELECT envelope, accepted, client FROM messages WHERE sequence = ?1") {
                try $0.bind(sequence, at: 1)
                return try $0.firstRow {
                    (try $0.bytes(0), Timestamp(milliseconds: try $0.integer(1)), try $0.optionalText(2))
                }
            }
        }
        guard let row else { throw unreadable }
        guard let (bytes, accepted, client) = row else { return nil }
        guard let envelope = decode(bytes, "messages \(sequence)") else { throw unreadable }
        let summaries = try summaries(
            "d.number BETWEEN ?1 AND ?2 ORDER BY d.number",
            [DispatchNumber.first(ofSequence: sequence), DispatchNumber.last(ofSequence: sequence)])
        return MessageTrace(
            envelope: envelope, accepted: accepted, client: client, dispatches: try summaries.map(trace(of:)),
            children: try children(of: message))
    }

    private func trace(of summary: DispatchSummary) throws -> DispatchTrace {
        let number = summary.number
        let details = try database.withStatement("SELECT envelope, steps FROM details WHERE number = ?1") {
            try $0.bind(number, at: 1)
            return try $0.firstRow { (try $0.optionalBytes(0), try $0.optionalText(1)) }
        }
        return DispatchTrace(
            summary: summary, envelope: details?.0.flatMap { decode($0, "details \(number)") },
            steps: steps(details?.1, number), attempts: try attempts(of: number), remoteIDs: try remoteIDs(of: number))
    }

    private func steps(_ text: String?, _ number: Int64) -> [StepNote] {
        guard let text else { return [] }
        do throws(MessageError) {
            return try StepNotes.decode(text)
        } catch {
            note("details \(number)", "\(error)")
            return []
        }
    }

    private func attempts(of number: Int64) throws -> [AttemptTrace] {
        try database.withStatement(
            """
            SELECT attempt, started, finished, outcome, detail, id FROM attempts WHERE number = ?1
            UNION ALL
            SELECT attempts, started, finished, outcome, detail, 9223372036854775807 FROM dispatches
            WHERE number = ?1 AND started IS NOT NULL
            ORDER BY 6
            """
        ) {
            try $0.bind(number, at: 1)
            return try $0.rows { row in
                AttemptTrace(
                    attempt: Int(try row.integer(0)), started: Timestamp(milliseconds: try row.integer(1)),
                    finished: try row.optionalInteger(2).map(Timestamp.init(milliseconds:)),
                    outcome: AttemptTrace.Outcome(code: try row.integer(3)) ?? .unknown,
                    detail: try row.optionalText(4))
            }
        }
    }

    private func remoteIDs(of number: Int64) throws -> [String] {
        try database.withStatement("SELECT id FROM remote_ids WHERE sequence = ?1 AND position = ?2 ORDER BY id") {
            try $0.bind(DispatchNumber.sequence(of: number), at: 1)
            try $0.bind(DispatchNumber.position(of: number), at: 2)
            return try $0.rows { try $0.text(0) }
        }
    }

    private func children(of message: MessageID) throws -> [ChildTrace] {
        try database.withStatement(
            "SELECT id, topic, accepted FROM messages WHERE parent = ?1 ORDER BY sequence LIMIT ?2"
        ) {
            try $0.bind(message.bytes, at: 1)
            try $0.bind(Int64(MessageTrace.maximumChildren), at: 2)
            return try $0.rows { row -> ChildTrace? in
                guard let id = MessageID(bytes: try row.bytes(0)) else { return nil }
                return ChildTrace(
                    message: id, topic: try row.text(1), accepted: Timestamp(milliseconds: try row.integer(2)))
            }
        }.compactMap { $0 }
    }
}
