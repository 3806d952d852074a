import Messages
import SQLite

extension SpoolReader {
    /// The row of a message; of several with one id the newest.
    func sequence(of message: MessageID) throws -> Int64? {
        try database.withStatement("SELECT sequence FROM messages WHERE id = ?1 ORDER BY sequence DESC LIMIT 1") {
            try $0.bind(message.bytes, at: 1)
            return try $0.firstRow { try $0.integer(0) }
        }
    }

    /// The ids that platforms gave a message.
    func remoteIDs(of message: MessageID) throws -> [RemoteID] {
        guard let sequence = try sequence(of: message) else { return [] }
        let rows = try database.withStatement(
            """
            SELECT r.mailbox, r.id, coalesce(l.recipient, m.sender) FROM remote_ids r
            JOIN messages m ON m.sequence = r.sequence
            LEFT JOIN dispatches d ON d.number = r.sequence * 4096 + r.position AND r.position >= 0
            LEFT JOIN lanes l ON l.id = d.lane
            WHERE r.sequence = ?1 ORDER BY r.position, r.mailbox, r.id
            """
        ) {
            try $0.bind(sequence, at: 1)
            return try $0.rows { (try $0.text(0), try $0.text(1), try $0.text(2)) }
        }
        return rows.compactMap { mailbox, id, text in
            address(text, "messages \(sequence)").map { RemoteID(mailbox: mailbox, id: id, address: $0) }
        }
    }

    /// What a platform's id stands for.
    func origin(remoteID: String, mailbox: String) throws -> RemoteOrigin? {
        let found = try database.withStatement(
            """
            SELECT r.sequence, r.position, m.envelope, m.id FROM remote_ids r
            JOIN messages m ON m.sequence = r.sequence WHERE r.mailbox = ?1 AND r.id = ?2
            """
        ) {
            try $0.bind(mailbox, at: 1)
            try $0.bind(remoteID, at: 2)
            return try $0.firstRow { (try $0.integer(0), try $0.integer(1), try $0.bytes(2)) }
        }
        guard let (sequence, position, bytes) = found,
            let envelope = decode(bytes, "messages \(sequence)")
        else { return nil }
        return RemoteOrigin(
            message: envelope.id, from: envelope.from, replyTo: envelope.replyTo, thread: envelope.thread,
            wasDelivered: position >= 0)
    }
}
