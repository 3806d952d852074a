import Messages
import SQLite

extension SpoolReader {
    /// What people did, the newest first.
    func audit(before number: Int64?, limit: Int) throws -> [AuditRow] {
        try database.withStatement(
            """
            SELECT id, time, actor, action, filter, changed, reason, target FROM audit
            WHERE id < ?1 ORDER BY id DESC LIMIT ?2
            """
        ) {
            try $0.bind(number ?? .max, at: 1)
            try $0.bind(Int64(limit), at: 2)
            return try $0.rows { row in
                AuditRow(
                    number: try row.integer(0), time: Timestamp(milliseconds: try row.integer(1)),
                    actor: try row.text(2), action: try row.text(3), filter: try row.text(4),
                    changed: Int(try row.integer(5)), reason: try row.optionalText(6), target: try row.optionalText(7))
            }
        }
    }
}
