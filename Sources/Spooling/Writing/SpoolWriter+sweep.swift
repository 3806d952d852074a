import Crypto
import Messages
import SQLite

/// One step of a sweep.
struct SweepStep: Sendable {
    /// Where the next step goes on; `nil` at the end.
    var next: Int64?
    /// How many messages were removed.
    var removed = 0
    /// The blobs that lost a message, and may have lost their last one.
    var blobs: [SHA256Digest] = []
}

extension SpoolWriter {
    /// How many messages, or keys, one step looks at: few enough that nobody waits long for the transaction.
    static let sweepStep = 500

    /// Removes the messages after `cursor` whose dispatches were all settled before `time`; dead letters stay, until
    /// somebody retries or drops them.
    func sweep(after cursor: Int64, settledBefore time: Timestamp) throws -> SweepStep {
        let candidates = try database.withStatement(
            "SELECT sequence, accepted FROM messages WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"
        ) { statement in
            try statement.bind(cursor, at: 1)
            try statement.bind(Int64(Self.sweepStep), at: 2)
            return try statement.rows { (sequence: try $0.integer(0), accepted: try $0.integer(1)) }
        }
        var step = SweepStep()
        // Nothing is settled before it was accepted, so a step of young messages is the end.
        let old = candidates.filter { $0.accepted < time.milliseconds }
        if let last = candidates.last, !old.isEmpty, candidates.count == Self.sweepStep { step.next = last.sequence }
        for candidate in old where try isFinished(candidate.sequence, before: time) {
            step.blobs += try remove(candidate.sequence)
            step.removed += 1
        }
        if step.removed > 0 { try keepSequence() }
        return step
    }

    private func isFinished(_ sequence: Int64, before time: Timestamp) throws -> Bool {
        try database.withStatement(
            """
            SELECT 1 FROM dispatches
            WHERE number BETWEEN ?1 AND ?2 AND (is_open > 0 OR state = 4 OR settled >= ?3) LIMIT 1
            """
        ) { statement in
            try statement.bind(DispatchNumber.first(ofSequence: sequence), at: 1)
            try statement.bind(DispatchNumber.last(ofSequence: sequence), at: 2)
            try statement.bind(time.milliseconds, at: 3)
            return try statement.firstRow { _ in true } == nil
        }
    }

    private func remove(_ sequence: Int64) throws -> [SHA256Digest] {
        let range = (DispatchNumber.first(ofSequence: sequence), DispatchNumber.last(ofSequence: sequence))
        let states = try database.withStatement("SELECT state FROM dispatches WHERE number BETWEEN ?1 AND ?2") {
            try $0.bind(range.0, at: 1)
            try $0.bind(range.1, at: 2)
            return try $0.rows { DispatchState(code: try $0.integer(0)) }
        }
        for state in states { count(from: state, to: nil) }
        for sql in [
            "DELETE FROM dispatches WHERE number BETWEEN ?1 AND ?2",
            "DELETE FROM details WHERE number BETWEEN ?1 AND ?2",
            "DELETE FROM attempts WHERE number BETWEEN ?1 AND ?2",
        ] {
            try database.withStatement(sql) {
                try $0.bind(range.0, at: 1)
                try $0.bind(range.1, at: 2)
                try $0.run()
            }
        }
        let blobs = try database.withStatement("SELECT digest FROM message_blobs WHERE sequence = ?1") {
            try $0.bind(sequence, at: 1)
            return try $0.rows { SHA256Digest(bytes: try $0.bytes(0)) }
        }
        for sql in [
            "DELETE FROM message_blobs WHERE sequence = ?1", "DELETE FROM remote_ids WHERE sequence = ?1",
            "DELETE FROM messages WHERE sequence = ?1",
        ] {
            try database.withStatement(sql) {
                try $0.bind(sequence, at: 1)
                try $0.run()
            }
        }
        return blobs.compactMap { $0 }
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
        try database.withStatement(
            """
            DELETE FROM dedupe WHERE (scope, key) IN (SELECT scope, key FROM dedupe WHERE expires <= ?1 LIMIT ?2)
            """
        ) {
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
