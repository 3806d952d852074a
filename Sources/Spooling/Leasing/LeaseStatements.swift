import SQLite

/// The statements of leasing, prepared when the first program comes.
final class LeaseStatements {
    let findLane: Statement
    let later: Statement
    let ready: Statement
    let nextDue: Statement
    let keepAttempt: Statement
    let lease: Statement
    let content: Statement
    let acknowledge: Statement
    let giveBack: Statement
    let extend: Statement

    /// What tells a lease from another wait is the unfinished attempt (outcome 4).
    ///
    /// A leased dispatch waits and is due when its lease runs out: so it comes back by itself, after a restart too.
    private static let held = "number = ?1 AND lane = ?2 AND attempts = ?3 AND state = 0 AND outcome = 4"
    /// Whether an earlier dispatch of the thread is open (I3).
    private static let isHidden = """
        d.thread IS NOT NULL AND EXISTS (SELECT 1 FROM dispatches e
            WHERE e.lane = d.lane AND e.thread = d.thread AND e.is_open > 0 AND e.number < d.number)
        """

    init(_ database: Database) throws(SQLiteError) {
        findLane = try database.prepare("SELECT id FROM lanes WHERE recipient = ?1")
        // `is_open > 1` lets the index in, which is partial; that it is likely lets the planner search for `is_open = 2`.
        later = try database.prepare(
            """
            SELECT d.number, d.attempts FROM dispatches d
            WHERE d.lane = ?1 AND likely(d.is_open > 1) AND d.is_open = 2 AND d.due <= ?2 AND d.state = 0 AND NOT (\(Self.isHidden))
            ORDER BY d.due LIMIT ?3
            """)
        ready = try database.prepare(
            """
            SELECT d.number, d.attempts, d.state, d.due, \(Self.isHidden) FROM dispatches d
            WHERE d.lane = ?1 AND d.is_open = 1 AND d.priority = ?2 AND d.number > ?3 ORDER BY d.number
            """)
        nextDue = try database.prepare(
            """
            SELECT due FROM dispatches WHERE lane = ?1 AND likely(is_open > 1) AND is_open = 2 AND due > ?2
            ORDER BY due LIMIT 1
            """)
        keepAttempt = try database.prepare(
            """
            INSERT INTO attempts (number, attempt, started, finished, outcome, detail)
            SELECT number, attempts, started, coalesce(finished, due),
                CASE outcome WHEN 4 THEN 2 ELSE outcome END, CASE outcome WHEN 4 THEN ?2 ELSE detail END
            FROM dispatches WHERE number = ?1 AND started IS NOT NULL
            """)
        lease = try database.prepare(
            """
            UPDATE dispatches
            SET attempts = ?2, started = ?3, due = ?4, finished = NULL, outcome = 4, detail = NULL, reason = NULL
            WHERE number = ?1
            """)
        content = try database.prepare(
            """
            SELECT m.id, m.accepted, coalesce((SELECT envelope FROM details WHERE number = ?2), m.envelope)
            FROM messages m WHERE m.sequence = ?1
            """)
        acknowledge = try database.prepare(
            """
            UPDATE dispatches SET state = 3, is_open = NULL, finished = ?4, outcome = 0, settled = ?4
            WHERE \(Self.held)
            """)
        giveBack = try database.prepare(
            """
            UPDATE dispatches SET is_open = 2, due = ?5, finished = ?4, outcome = 1, detail = ?6, reason = ?6
            WHERE \(Self.held)
            """)
        extend = try database.prepare("UPDATE dispatches SET due = ?5 WHERE \(Self.held) AND due > ?4")
    }
}
