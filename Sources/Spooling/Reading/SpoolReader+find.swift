import Messages
import SQLite

extension SpoolReader {
    /// The messages that a text may mean, the newest first.
    ///
    /// Each way of looking is a search in an index; mailboxes and scopes are gone through one by one, as there are few.
    func find(_ text: String, limit: Int) throws -> [FoundMessage] {
        guard !text.isEmpty, limit > 0 else { return [] }
        var found = try byPrefix(text, limit)
        if let number = Int64(text), number > 0 {
            let range = DispatchNumber.sequence(of: number)
            found += try rows("m.sequence = ?1 LIMIT ?2", .dispatch) {
                try $0.bind(range, at: 1)
                try $0.bind(Int64(limit), at: 2)
            }
        }
        found += try rows("\(Self.remote) ORDER BY m.sequence DESC LIMIT ?2", .remoteID) {
            try $0.bind(text, at: 1)
            try $0.bind(Int64(limit), at: 2)
        }
        found += try rows("\(Self.keyed) ORDER BY m.sequence DESC LIMIT ?2", .key) {
            try $0.bind(text, at: 1)
            try $0.bind(Int64(limit), at: 2)
        }
        var seen: Set<MessageID> = []
        return Array(
            found.sorted { $0.accepted > $1.accepted }.filter { seen.insert($0.message).inserted }.prefix(limit))
    }

    /// Ids are bytes in an index, so those that begin alike lie together.
    private func byPrefix(_ text: String, _ limit: Int) throws -> [FoundMessage] {
        let digits = text.lowercased().filter { $0 != "-" }
        guard (8...32).contains(digits.count), digits.utf8.allSatisfy(Self.isHexadecimal) else { return [] }
        func bound(_ filler: Character) -> [UInt8]? {
            let full = Array(digits + String(repeating: filler, count: 32 - digits.count))
            let groups = [full[0..<8], full[8..<12], full[12..<16], full[16..<20], full[20..<32]]
            return (try? MessageID(parsing: groups.map { String($0) }.joined(separator: "-")))?.bytes
        }
        guard let first = bound("0"), let last = bound("f") else { return [] }
        return try rows("m.id BETWEEN ?1 AND ?2 ORDER BY m.id DESC LIMIT ?3", .id) {
            try $0.bind(first, at: 1)
            try $0.bind(last, at: 2)
            try $0.bind(Int64(limit), at: 3)
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// Goes through the mailboxes by the primary key, as SQLite does not skip in an index by itself.
    private static let remote = """
        m.sequence IN (
            WITH RECURSIVE names(name) AS (
                SELECT min(mailbox) FROM remote_ids UNION ALL
                SELECT (SELECT min(mailbox) FROM remote_ids WHERE mailbox > name) FROM names WHERE name IS NOT NULL
            )
            SELECT r.sequence FROM names JOIN remote_ids r ON r.mailbox = name AND r.id = ?1)
        """

    /// A key as its adapter wrote it, or an idempotency key behind the name of the client: `key ci 8e03978e`.
    private static let keyed = """
        m.id IN (
            WITH RECURSIVE names(name) AS (
                SELECT min(scope) FROM dedupe UNION ALL
                SELECT (SELECT min(scope) FROM dedupe WHERE scope > name) FROM names WHERE name IS NOT NULL
            ),
            clients(scope, client) AS (
                SELECT name, (SELECT min(key) FROM dedupe WHERE scope = name AND key > 'key ' AND key < 'key!')
                FROM names WHERE name IS NOT NULL
                UNION ALL
                SELECT scope, (
                    SELECT min(key) FROM dedupe
                    WHERE scope = clients.scope AND key < 'key!'
                    AND key > 'key ' || substr(client, 5, instr(substr(client, 5), ' ') - 1) || '!')
                FROM clients WHERE client IS NOT NULL AND instr(substr(client, 5), ' ') > 0
            )
            SELECT d.message FROM names JOIN dedupe d ON d.scope = name AND d.key = ?1
            UNION
            SELECT d.message FROM clients JOIN dedupe d ON d.scope = clients.scope
            AND d.key = 'key ' || substr(client, 5, instr(substr(client, 5), ' ') - 1) || ' ' || ?1
            WHERE client IS NOT NULL)
        """

    private func rows(
        _ condition: String, _ by: FoundMessage.Reason, _ bind: (borrowing Statement) throws -> Void
    ) throws -> [FoundMessage] {
        try database.withStatement(
            "SELECT m.id, m.accepted, m.topic, m.sender, m.subject FROM messages m WHERE \(condition)"
        ) { statement in
            try bind(statement)
            return try statement.rows { row -> FoundMessage? in
                guard let id = MessageID(bytes: try row.bytes(0)) else { return nil }
                return FoundMessage(
                    message: id, accepted: Timestamp(milliseconds: try row.integer(1)), topic: try row.text(2),
                    from: try row.text(3), subject: try row.optionalText(4), reason: by)
            }
        }.compactMap { $0 }
    }
}
