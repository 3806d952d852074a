import Crypto
import Files
import Messages
import SQLite

/// Looks for damage in a spool, from a connection that only reads: beside a running router, and without one.
///
/// No snapshot is held for long, so that the router's log can be moved meanwhile. Damage at one step does not keep the
/// others from being taken.
struct SpoolCheck {
    private let reader: SpoolReader
    private let blobs: FilePath
    private let files: FileSystem
    private let tell: (SpoolProgress) -> Void
    private var report = SpoolReport()

    /// How many rows one look takes in.
    private static let look = 1_000

    /// Opens the database.
    ///
    /// - Throws: ``SpoolError`` when there is none, it is another program's, or a newer release's.
    init(_ paths: SpoolPaths, files: FileSystem, tell: @escaping (SpoolProgress) -> Void) throws {
        let database = try Database(path: paths.database.text, mode: .reader, fileSystem: files.sqliteName)
        try database.checkSchema(known: SpoolSchema.migrations.count, applicationID: SpoolSchema.applicationID)
        reader = SpoolReader(database)
        blobs = paths.blobs
        self.files = files
        self.tell = tell
        report.schema = try database.schemaVersion
    }

    /// Takes all steps.
    mutating func run() -> SpoolReport {
        step("the file's pages") { try $0.checkPages() }
        step("the tables") { try $0.checkTables() }
        step("the counts") { try $0.checkCounts() }
        step("the messages") { try $0.checkEnvelopes(in: "messages", key: "sequence") }
        step("what stages made of them") { try $0.checkEnvelopes(in: "details", key: "number") }
        step("the blobs", isBlob: true) { try $0.checkBlobs() }
        return report
    }

    /// A step that cannot be ended is a finding.
    private mutating func step(_ name: String, isBlob: Bool = false, _ body: (inout Self) throws -> Void) {
        tell(SpoolProgress(step: name, done: 0, total: nil))
        do { try body(&self) } catch { report.add(name, "\(error)", isBlob: isBlob) }
    }

    private mutating func checkPages() throws {
        do {
            try reader.database.checkIntegrity()
        } catch SQLiteError.damaged(_, let findings) {
            for finding in findings { report.add("the file's pages", finding) }
        }
    }

    // MARK: Tables

    /// What must not be there: the table, the row's key, and what is wrong.
    private static let contradictions: [(table: String, sql: String, problem: String)] = [
        (
            "dispatches",
            "SELECT number FROM dispatches WHERE NOT EXISTS (SELECT 1 FROM messages WHERE sequence = number / 4096)",
            "its message is missing"
        ),
        (
            "dispatches", "SELECT number FROM dispatches WHERE NOT EXISTS (SELECT 1 FROM lanes WHERE id = lane)",
            "its recipient is missing"
        ),
        (
            "dispatches", "SELECT number FROM dispatches WHERE NOT EXISTS (SELECT 1 FROM routes WHERE id = route)",
            "its route is missing"
        ),
        (
            "dispatches",
            "SELECT number FROM dispatches WHERE (is_open IS NULL) = (state < 3) OR state NOT BETWEEN 0 AND 5",
            "its state contradicts itself"
        ),
        (
            "details",
            "SELECT number FROM details x WHERE NOT EXISTS (SELECT 1 FROM dispatches d WHERE d.number = x.number)",
            "its dispatch is missing"
        ),
        (
            "attempts",
            "SELECT id FROM attempts x WHERE NOT EXISTS (SELECT 1 FROM dispatches d WHERE d.number = x.number)",
            "its dispatch is missing"
        ),
        (
            "remote_ids",
            "SELECT sequence FROM remote_ids x WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.sequence = x.sequence)",
            "its message is missing"
        ),
        (
            "message_blobs",
            "SELECT sequence FROM message_blobs x "
                + "WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.sequence = x.sequence)",
            "its message is missing"
        ),
    ]

    private mutating func checkTables() throws {
        for (index, contradiction) in Self.contradictions.enumerated() {
            tell(SpoolProgress(step: "the tables", done: index, total: Self.contradictions.count))
            let rows = try reader.database.withStatement("\(contradiction.sql) LIMIT \(Self.look)") {
                try $0.rows { try $0.integer(0) }
            }
            for row in rows { report.add("\(contradiction.table) \(row)", contradiction.problem) }
        }
    }

    private mutating func checkCounts() throws {
        let (told, counted) = try reader.database.transaction(.deferred) {
            let counted = try reader.database.withStatement("SELECT state, count(*) FROM dispatches GROUP BY state") {
                try $0.rows { (DispatchState(code: try $0.integer(0)), Int(try $0.integer(1))) }
            }
            return (try reader.counts(), counted)
        }
        report.dispatches = counted.reduce(0) { $0 + $1.1 }
        for state in DispatchState.allCases {
            let count = counted.first { $0.0 == state }?.1 ?? 0
            guard count != told[state] ?? 0 else { continue }
            report.add("counters \(state.rawValue)", "says \(told[state] ?? 0), and there are \(count)")
        }
    }

    // MARK: Content

    private mutating func checkEnvelopes(in table: String, key: String) throws {
        let known = Set(try reader.damagedRows().map(\.place))
        let total = Int(try reader.database.integer("SELECT count(*) FROM \(table)") ?? 0)
        var last: Int64 = .min
        var done = 0
        while true {
            let rows = try reader.database.withStatement(
                "SELECT \(key), envelope FROM \(table) WHERE \(key) > ?1 ORDER BY \(key) LIMIT \(Self.look)"
            ) {
                try $0.bind(last, at: 1)
                return try $0.rows { (try $0.integer(0), try $0.optionalBytes(1)) }
            }
            guard let newest = rows.last?.0 else { break }
            for (row, bytes) in rows { checkEnvelope(bytes, "\(table) \(row)", known) }
            last = newest
            done += rows.count
            tell(SpoolProgress(step: table, done: done, total: total))
        }
        if table == "messages" { report.messages = done }
    }

    private mutating func checkEnvelope(_ bytes: [UInt8]?, _ place: String, _ known: Set<String>) {
        guard let bytes else { return }
        do throws(MessageError) {
            _ = try Envelope(parsing: bytes)
        } catch {
            if known.contains(place) { report.setAside += 1 } else { report.add(place, "\(error)") }
        }
    }

    private mutating func checkBlobs() throws {
        let digests = try reader.database.withStatement("SELECT DISTINCT digest FROM message_blobs") {
            try $0.rows { try $0.bytes(0) }
        }
        for bytes in digests {
            if report.blobs.isMultiple(of: 100) {
                tell(SpoolProgress(step: "the blobs", done: report.blobs, total: digests.count))
            }
            report.blobs += 1
            guard let digest = SHA256Digest(bytes: bytes) else {
                report.add("message_blobs", "a row has no digest")
                continue
            }
            try checkBlob(digest)
        }
    }

    private mutating func checkBlob(_ digest: SHA256Digest) throws {
        guard let problem = try BlobCopying.problem(of: digest, in: blobs, files: files) else { return }
        // The router may have removed it meanwhile, with its last message.
        let isUsed = try reader.database.withStatement("SELECT 1 FROM message_blobs WHERE digest = ?1 LIMIT 1") {
            try $0.bind(digest.bytes, at: 1)
            return try $0.firstRow { _ in true } ?? false
        }
        if isUsed { report.add("blob \(digest)", problem, isBlob: true) }
    }
}
