import Crypto
import Messages
import SQLite

/// Copies what can be read of a damaged database into a new one, and makes that whole in itself.
///
/// Only tables are believed. Indices are made anew; of the old ones those are asked that know what the tables have lost:
/// which messages and which open dispatches there were. A message without its content, or a dispatch without its row,
/// becomes something an operator sees: nothing vanishes.
struct SpoolSalvage {
    private let old: Database
    private let new: Database
    private let time: Timestamp
    private let tell: (SpoolProgress) -> Void
    private(set) var lost: [SpoolFinding] = []
    private(set) var saved = 0

    /// The tables with an integer key, in the order they are copied in.
    private static let numbered = [
        ("lanes", "id"), ("routes", "id"), ("messages", "sequence"), ("dispatches", "number"), ("details", "number"),
        ("attempts", "id"), ("audit", "id"), ("subscriptions", "id"),
    ]
    /// The tables that are kept in the order of other keys.
    ///
    /// `counters` is counted anew.
    private static let keyed = [
        ("damaged", "place"), ("dedupe", "scope, key"), ("remote_ids", "mailbox, id"),
        ("message_blobs", "digest, sequence"), ("states", "mailbox, key"),
        ("lists", "name"), ("list_members", "list, address"),
    ]

    /// Creates a salvage; the new database has the tables and no rows.
    init(from old: Database, to new: Database, at time: Timestamp, tell: @escaping (SpoolProgress) -> Void) {
        self.old = old
        self.new = new
        self.time = time
        self.tell = tell
    }

    /// Copies everything that can be read, in one transaction.
    mutating func run() throws {
        try new.transaction {
            for (table, key) in Self.numbered { try copyNumbered(table, key: key) }
            for (table, key) in Self.keyed { try copyKeyed(table, key: key) }
            try restoreLostMessages()
            try restoreLostDispatches()
            try mendDispatches()
            try removeStray()
            try keepCounts()
            for finding in lost { try setAside(finding) }
        }
    }

    // MARK: Copying

    private mutating func copyNumbered(_ table: String, key: String) throws {
        let columns = try columns(of: table, first: key)
        guard !columns.isEmpty else { return }
        let insert = try insertion(into: table, columns)
        var count = 0
        var refused: [SpoolFinding] = []
        let (tell, new) = (tell, new)
        let salvage = TableSalvage(
            database: old, table: table, key: key, columns: columns, bounds: bounds(of: table)
        ) { row in
            count += 1
            if count.isMultiple(of: 10_000) { tell(SpoolProgress(step: "saving \(table)", done: count, total: nil)) }
            if let reason = try Self.insert(row, insert, into: new) {
                refused.append(SpoolFinding(place: "\(table) \(Self.text(row.first))", problem: reason))
            }
        }
        let gaps = try salvage.run()
        saved += count - refused.count
        lost += refused
        for gap in gaps where gap.lowerBound <= gap.upperBound {
            lost.append(
                SpoolFinding(
                    place: "\(table) \(gap.lowerBound) to \(gap.upperBound)", problem: "what was there cannot be read"))
        }
    }

    /// From both ends up to the damage; what lies between cannot be named.
    private mutating func copyKeyed(_ table: String, key: String) throws {
        let columns = try columns(of: table, first: nil)
        guard !columns.isEmpty else { return }
        let insert = try insertion(into: table, columns)
        for order in ["ASC", "DESC"] {
            let keys = key.split(separator: ",").map { "\($0) \(order)" }.joined(separator: ", ")
            let statement = try old.prepare("SELECT \(columns.joined(separator: ", ")) FROM \(table) ORDER BY \(keys)")
            if try copyRows(of: statement, insert) { return }
        }
        lost.append(SpoolFinding(place: table, problem: "some of its rows cannot be read"))
    }

    /// - Returns: Whether the end was reached.
    private mutating func copyRows(of statement: borrowing Statement, _ insert: borrowing Statement) throws -> Bool {
        while true {
            var row: [Value] = []
            do throws(SQLiteError) {
                guard try statement.step() else { return true }
                for column in 0..<statement.columnCount { row.append(try statement.value(column)) }
            } catch {
                return false
            }
            if try Self.insert(row, insert, into: new) == nil { saved += 1 }
        }
    }

    /// - Returns: Why the row cannot be kept; `nil` when it is.
    private static func insert(
        _ row: [Value], _ insert: borrowing Statement, into database: Database
    ) throws -> String? {
        for (index, value) in row.enumerated() { try insert.bind(value, at: Int32(index + 1)) }
        do throws(SQLiteError) {
            try insert.run()
            return database.changes == 1 ? nil : "it contradicts the table or another row"
        } catch {
            // A value of a wrong type is damage; anything else, a full disk say, ends the salvage.
            guard case .failed(.constraint, let message, _) = error else { throw error }
            return message
        }
    }

    private func insertion(into table: String, _ columns: [String]) throws(SQLiteError) -> Statement {
        let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
        return try new.prepare(
            "INSERT OR IGNORE INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))")
    }

    /// The columns that both have, the key first: an older file has fewer.
    private func columns(of table: String, first key: String?) throws -> [String] {
        func names(_ database: Database) throws -> [String] {
            try database.withStatement("PRAGMA table_info(\(table))") { try $0.rows { try $0.text(1) } }
        }
        let known = Set(try names(old))
        let both = try names(new).filter(known.contains)
        return (key.map { [$0] } ?? []) + both.filter { $0 != key }
    }

    /// The keys that there may be, as far as an index or the counts tell.
    private func bounds(of table: String) -> ClosedRange<Int64> {
        let fallback = Int64(1) << 40
        let sequence =
            (try? old.integer("SELECT max(sequence) FROM messages"))
            ?? (try? rows("SELECT max(sequence) FROM messages INDEXED BY messages_id")).flatMap { $0.first?.0 }
            ?? fallback
        return switch table {
        case "messages": 0...max(sequence, 1)
        case "dispatches", "details": 0...DispatchNumber.last(ofSequence: max(sequence, 1))
        default: 0...fallback
        }
    }

    private static func text(_ value: Value?) -> String {
        if case .integer(let number)? = value { "\(number)" } else { "?" }
    }

    // MARK: What indices know

    private func rows(_ sql: String) throws -> [(Int64, Value)] {
        let statement = try old.prepare(sql)
        var rows: [(Int64, Value)] = []
        // What was read before the damage counts.
        while (try? statement.step()) == true {
            guard let number = try? statement.integer(0) else { continue }
            rows.append((number, statement.columnCount > 1 ? (try? statement.value(1)) ?? .null : .null))
        }
        return rows
    }

    private func exists(_ sql: String, _ number: Int64) throws -> Bool {
        try new.withStatement(sql) {
            try $0.bind(number, at: 1)
            return try $0.firstRow { _ in true } ?? false
        }
    }

    /// A message whose content is lost keeps its place and its id, so that its dispatches can be listed.
    private mutating func restoreLostMessages() throws {
        for (sequence, id) in try rows("SELECT sequence, id FROM messages INDEXED BY messages_id ORDER BY id") {
            guard try !exists("SELECT 1 FROM messages WHERE sequence = ?1", sequence) else { continue }
            try placeMessage(sequence, id: id)
        }
        let orphans = try new.withStatement(
            "SELECT DISTINCT number / 4096 FROM dispatches WHERE number / 4096 NOT IN (SELECT sequence FROM messages)"
        ) { try $0.rows { try $0.integer(0) } }
        for sequence in orphans {
            try placeMessage(sequence, id: .bytes(MessageID(high: 0, low: UInt64(bitPattern: sequence)).bytes))
        }
    }

    private mutating func placeMessage(_ sequence: Int64, id: Value) throws {
        var name = "?"
        if case .bytes(let bytes) = id, let known = MessageID(bytes: bytes) { name = "\(known)" }
        lost.append(
            SpoolFinding(place: "messages \(sequence)", problem: "the content of message \(name) cannot be read"))
        try new.withStatement(
            """
            INSERT OR IGNORE INTO messages (sequence, id, accepted, topic, sender, subject, envelope)
            VALUES (?1, ?2, ?3, 'lost:message', 'lost:message', 'lost in a repair', x'')
            """
        ) {
            try $0.bind(sequence, at: 1)
            try $0.bind(id, at: 2)
            try $0.bind(time.milliseconds, at: 3)
            try $0.run()
        }
    }

    /// A dispatch that was open and whose row is lost is held: nobody knows what was tried, or which stages are left.
    private mutating func restoreLostDispatches() throws {
        let indices = try old.withStatement(
            """
            SELECT name FROM sqlite_schema
            WHERE type = 'index' AND name IN ('dispatches_open', 'dispatches_ready', 'dispatches_later')
            """
        ) { try $0.rows { try $0.text(0) } }
        for index in indices {
            let condition = index == "dispatches_later" ? "is_open > 1" : "is_open = 1"
            for (number, lane) in try rows(
                "SELECT number, lane FROM dispatches INDEXED BY \(index) WHERE \(condition) ORDER BY lane")
            {
                guard try !exists("SELECT 1 FROM dispatches WHERE number = ?1", number) else { continue }
                try placeDispatch(number, lane: lane)
            }
        }
        // The messages that a restored dispatch belongs to may be lost as well.
        let orphans = try new.withStatement(
            "SELECT DISTINCT number / 4096 FROM dispatches WHERE number / 4096 NOT IN (SELECT sequence FROM messages)"
        ) { try $0.rows { try $0.integer(0) } }
        for sequence in orphans {
            try placeMessage(sequence, id: .bytes(MessageID(high: 0, low: UInt64(bitPattern: sequence)).bytes))
        }
    }

    private mutating func placeDispatch(_ number: Int64, lane: Value) throws {
        let reason = "its row could not be read and was made anew by a repair; release it to have it delivered"
        lost.append(SpoolFinding(place: "dispatches \(number)", problem: "its row cannot be read; it is held now"))
        try new.withStatement(
            """
            INSERT OR IGNORE INTO dispatches (number, lane, state, is_open, due, attempts, route, reason)
            VALUES (?1, ?2, 2, 3, ?3, 0, 0, ?4)
            """
        ) {
            try $0.bind(number, at: 1)
            try $0.bind(lane, at: 2)
            try $0.bind(time.milliseconds, at: 3)
            try $0.bind(reason, at: 4)
            try $0.run()
        }
    }

    // MARK: Making it whole

    /// What cannot be delivered for want of content, recipient or route becomes a dead letter that says so.
    private func mendDispatches() throws {
        try new.execute(
            """
            INSERT OR IGNORE INTO lanes (id, recipient)
                SELECT DISTINCT lane, 'lost:recipient-' || lane FROM dispatches WHERE lane NOT IN (SELECT id FROM lanes);
            INSERT OR IGNORE INTO routes (id, name, location)
                SELECT DISTINCT route, 'lost-' || route, '' FROM dispatches WHERE route NOT IN (SELECT id FROM routes);
            UPDATE dispatches SET state = 4, is_open = NULL, settled = \(time.milliseconds),
                reason = 'its recipient was lost in a repair'
                WHERE is_open > 0 AND lane IN (SELECT id FROM lanes WHERE recipient LIKE 'lost:recipient-%');
            UPDATE dispatches SET state = 4, is_open = NULL, settled = \(time.milliseconds),
                reason = 'its message was lost in a repair'
                WHERE is_open > 0 AND number / 4096 IN (SELECT sequence FROM messages WHERE envelope = x'')
                    AND number NOT IN (SELECT number FROM details WHERE envelope IS NOT NULL);
            UPDATE dispatches SET is_open = CASE WHEN state > 2 THEN NULL WHEN state = 2 THEN 3 ELSE 2 END
                WHERE (is_open IS NULL) = (state < 3);
            """)
    }

    /// Removes rows that belong to nothing.
    private func removeStray() throws {
        try new.execute(
            """
            DELETE FROM details WHERE number NOT IN (SELECT number FROM dispatches);
            DELETE FROM attempts WHERE number NOT IN (SELECT number FROM dispatches);
            DELETE FROM remote_ids WHERE sequence NOT IN (SELECT sequence FROM messages);
            DELETE FROM message_blobs WHERE sequence NOT IN (SELECT sequence FROM messages);
            """)
        try restoreBlobReferences()
    }

    /// Which messages refer to which blobs stands in their envelopes as well.
    private func restoreBlobReferences() throws {
        let statement = try new.prepare(
            """
            SELECT sequence, envelope FROM messages UNION ALL
            SELECT number / 4096, envelope FROM details WHERE envelope IS NOT NULL
            """)
        try statement.forEachRow { row in
            let sequence = try row.integer(0)
            guard let envelope = try? Envelope(parsing: try row.bytes(1)) else { return }
            for digest in PreparedEntry.blobs(of: envelope) {
                try new.withStatement("INSERT OR IGNORE INTO message_blobs VALUES (?1, ?2)") {
                    try $0.bind(digest.bytes, at: 1)
                    try $0.bind(sequence, at: 2)
                    try $0.run()
                }
            }
        }
    }

    private func keepCounts() throws {
        try new.execute("INSERT INTO counters SELECT 'sequence', coalesce(max(sequence), 0) FROM messages")
        for state in DispatchState.allCases {
            try new.execute(
                """
                INSERT INTO counters SELECT '\(state.rawValue)', count(*) FROM dispatches WHERE state = \(state.code)
                """)
        }
    }

    private func setAside(_ finding: SpoolFinding) throws {
        try new.withStatement("INSERT OR IGNORE INTO damaged VALUES (?1, ?2, ?3)") {
            try $0.bind(finding.place, at: 1)
            try $0.bind(finding.problem, at: 2)
            try $0.bind(time.milliseconds, at: 3)
            try $0.run()
        }
    }
}
