import Crypto
import Messages
import SQLite

/// Messages that lie together and may go, the first and the last sequence number.
typealias SweepRun = ClosedRange<Int64>

/// What one step of a sweep removed.
struct SweepStep: Sendable {
    /// How many messages.
    var removed = 0
    /// The blobs that lost a message, and may have lost their last one.
    var blobs: [SHA256Digest] = []
}

extension SpoolWriter {
    /// How many keys one step removes: few enough that nobody waits long for the transaction.
    static let sweepStep = 250

    /// Removes a run of messages with all that belongs to them, unless one of them is in use again.
    ///
    /// Rows that lie together go together: whole pages are freed, and what is left is looked at once.
    func remove(_ run: SweepRun, settledBefore time: Timestamp) throws -> SweepStep {
        let numbers = (
            DispatchNumber.first(ofSequence: run.lowerBound), DispatchNumber.last(ofSequence: run.upperBound)
        )
        guard try !hasUnfinished(numbers, time) else { return SweepStep() }
        try countRemoved(numbers)
        for sql in [
            "DELETE FROM dispatches WHERE number BETWEEN ?1 AND ?2",
            "DELETE FROM details WHERE number BETWEEN ?1 AND ?2",
            "DELETE FROM attempts WHERE number BETWEEN ?1 AND ?2",
        ] {
            try change(sql, numbers)
        }
        let sequences = (run.lowerBound, run.upperBound)
        let blobs = try database.withStatement(
            "SELECT DISTINCT digest FROM message_blobs WHERE sequence BETWEEN ?1 AND ?2"
        ) {
            try $0.bind(sequences.0, at: 1)
            try $0.bind(sequences.1, at: 2)
            return try $0.rows { SHA256Digest(bytes: try $0.bytes(0)) }
        }
        if !blobs.isEmpty { try change("DELETE FROM message_blobs WHERE sequence BETWEEN ?1 AND ?2", sequences) }
        try change("DELETE FROM remote_ids WHERE sequence BETWEEN ?1 AND ?2", sequences)
        try change("DELETE FROM messages WHERE sequence BETWEEN ?1 AND ?2", sequences)
        let removed = database.changes
        if removed > 0 { try keepSequence() }
        return SweepStep(removed: removed, blobs: blobs.compactMap { $0 })
    }

    /// Asked again by the writer: somebody may have retried one since the run was chosen.
    private func hasUnfinished(_ numbers: (Int64, Int64), _ time: Timestamp) throws -> Bool {
        try database.withStatement(
            """
            SELECT 1 FROM dispatches
            WHERE number BETWEEN ?1 AND ?2 AND (is_open > 0 OR state = 4 OR settled >= ?3) LIMIT 1
            """
        ) { statement in
            try statement.bind(numbers.0, at: 1)
            try statement.bind(numbers.1, at: 2)
            try statement.bind(time.milliseconds, at: 3)
            return try statement.firstRow { _ in true } != nil
        }
    }

    private func countRemoved(_ numbers: (Int64, Int64)) throws {
        let counts = try database.withStatement(
            "SELECT state, count(*) FROM dispatches WHERE number BETWEEN ?1 AND ?2 GROUP BY state"
        ) {
            try $0.bind(numbers.0, at: 1)
            try $0.bind(numbers.1, at: 2)
            return try $0.rows { (DispatchState(code: try $0.integer(0)), try $0.integer(1)) }
        }
        for (state, number) in counts { count(from: state, to: nil, number) }
    }

    private func change(_ sql: String, _ range: (Int64, Int64)) throws {
        try database.withStatement(sql) {
            try $0.bind(range.0, at: 1)
            try $0.bind(range.1, at: 2)
            try $0.run()
        }
    }

    /// The newest message may be gone now, and its number must never be given again.
    private func keepSequence() throws {
        try database.withStatement("INSERT OR REPLACE INTO counters VALUES ('sequence', ?1)") {
            try $0.bind(lastSequence, at: 1)
            try $0.run()
        }
    }

    /// Forgets some dedupe keys that have expired; tells whether there may be more.
    func sweepKeys(expiredBy time: Timestamp) throws -> Bool {
        try sweep(
            "DELETE FROM dedupe WHERE (scope, key) IN (SELECT scope, key FROM dedupe WHERE expires <= ?1 LIMIT ?2)",
            time)
    }

    /// Forgets some of what operators did before a time; tells whether there may be more.
    func sweepAudit(before time: Timestamp) throws -> Bool {
        try sweep("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE time < ?1 ORDER BY id LIMIT ?2)", time)
    }

    /// Forgets some of the damage found before a time, which is found again where it still is; tells whether there may
    /// be more.
    func sweepDamage(before time: Timestamp) throws -> Bool {
        try sweep("DELETE FROM damaged WHERE place IN (SELECT place FROM damaged WHERE found < ?1 LIMIT ?2)", time)
    }

    private func sweep(_ sql: String, _ time: Timestamp) throws -> Bool {
        try database.withStatement(sql) {
            try $0.bind(time.milliseconds, at: 1)
            try $0.bind(Int64(Self.sweepStep), at: 2)
            try $0.run()
        }
        return database.changes == Self.sweepStep
    }

    /// Those of the blobs that no message refers to.
    func unreferenced(_ blobs: [SHA256Digest]) throws -> [SHA256Digest] {
        try blobs.filter { blob in
            try database.withStatement("SELECT 1 FROM message_blobs WHERE digest = ?1 LIMIT 1") {
                try $0.bind(blob.bytes, at: 1)
                return try $0.firstRow { _ in true } == nil
            }
        }
    }
}
