import SQLite

/// The statements of every message's way, prepared once.
final class WriterStatements {
    let insertMessage: Statement
    let insertDispatch: Statement
    let insertDetails: Statement
    let insertBlob: Statement
    let insertRemoteID: Statement
    let findDedupe: Statement
    let insertDedupe: Statement
    let begin: Statement
    let keepAttempt: Statement
    let findDispatch: Statement
    let deliver: Statement
    let settle: Statement
    let postpone: Statement

    init(_ database: Database) throws(SQLiteError) {
        insertMessage = try database.prepare("INSERT INTO messages VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        insertDispatch = try database.prepare(
            """
            INSERT INTO dispatches (number, lane, state, is_open, due, attempts, thread, route, reason, settled,
                priority, expires, next_stage)
            VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """)
        insertDetails = try database.prepare("INSERT INTO details VALUES (?1, ?2, ?3)")
        insertBlob = try database.prepare("INSERT INTO message_blobs VALUES (?1, ?2)")
        insertRemoteID = try database.prepare("INSERT OR REPLACE INTO remote_ids VALUES (?1, ?2, ?3, ?4)")
        findDedupe = try database.prepare(
            "SELECT message, fingerprint FROM dedupe WHERE scope = ?1 AND key = ?2 AND expires > ?3")
        insertDedupe = try database.prepare("INSERT OR REPLACE INTO dedupe VALUES (?1, ?2, ?3, ?4, ?5)")
        begin = try database.prepare(
            """
            UPDATE dispatches
            SET state = 1, attempts = ?2, started = ?3, finished = NULL, outcome = 4, detail = NULL
            WHERE number = ?1 AND state = 0 AND attempts = ?2 - 1
            """)
        keepAttempt = try database.prepare(
            """
            INSERT INTO attempts (number, attempt, started, finished, outcome, detail)
            SELECT number, attempts, started, finished, outcome, detail FROM dispatches
            WHERE number = ?1 AND state = ?2 AND started IS NOT NULL
            """)
        findDispatch = try database.prepare(
            """
            SELECT d.state, d.attempts, l.recipient FROM dispatches d JOIN lanes l ON l.id = d.lane WHERE d.number = ?1
            """)
        deliver = try database.prepare(
            """
            UPDATE dispatches
            SET state = 3, is_open = NULL, reason = NULL, finished = ?3, outcome = 0, detail = ?4, settled = ?3
            WHERE number = ?1 AND state = 1 AND attempts = ?2
            """)
        settle = try database.prepare(
            """
            UPDATE dispatches
            SET state = ?2, is_open = NULL, reason = ?3, finished = coalesce(?4, finished),
                outcome = coalesce(?5, outcome), detail = coalesce(?6, detail), settled = ?7
            WHERE number = ?1
            """)
        postpone = try database.prepare(
            """
            UPDATE dispatches
            SET state = ?7, is_open = CASE ?7 WHEN 2 THEN 3 ELSE 2 END, due = ?2, reason = ?3,
                finished = coalesce(?4, finished), outcome = coalesce(?5, outcome), detail = coalesce(?6, detail)
            WHERE number = ?1
            """)
    }
}
