import Messages
import SQLite

extension SpoolReader {
    /// How many messages one page looks at: others wait for this thread.
    private static let maximumLooked = 20_000

    /// Messages that fit the query, in the order they were accepted in.
    ///
    /// The time of acceptance is no order to search by, as clocks are set back; so rows are looked at one by one, without
    /// their envelopes.
    func messages(_ query: MessageQuery, after sequence: Int64, limit: Int) throws -> MessagePage {
        let found = try fitting(query, after: sequence, limit: limit)
        let messages = try found.sequences.compactMap { try message($0) }
        return MessagePage(messages: messages, next: found.next)
    }

    private func fitting(
        _ query: MessageQuery, after sequence: Int64, limit: Int
    ) throws -> (sequences: [Int64], next: Int64?) {
        var sequences: [Int64] = []
        var looked = 0
        let sql = "SELECT sequence, accepted, topic FROM messages WHERE sequence > ?1 ORDER BY sequence"
        return try database.withStatement(sql) { statement in
            try statement.bind(sequence, at: 1)
            while try statement.step() {
                let sequence = try statement.integer(0)
                looked += 1
                if let topic = try? Topic(parsing: try statement.text(2)),
                    query.fits(topic: topic, accepted: Timestamp(milliseconds: try statement.integer(1)))
                {
                    sequences.append(sequence)
                }
                if sequences.count == limit || looked == Self.maximumLooked { return (sequences, sequence) }
            }
            return (sequences, nil)
        }
    }

    private func message(_ sequence: Int64) throws -> KeptMessage? {
        try database.withStatement("SELECT accepted, envelope FROM messages WHERE sequence = ?1") { statement in
            try statement.bind(sequence, at: 1)
            return try statement.firstRow { row -> KeptMessage? in
                guard let envelope = decode(try row.bytes(1), "messages \(sequence)") else { return nil }
                return KeptMessage(
                    sequence: sequence, accepted: Timestamp(milliseconds: try row.integer(0)), envelope: envelope)
            } ?? nil
        }
    }
}
