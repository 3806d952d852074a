import Messages
import SQLite

/// The one connection that writes; it lives on the committing thread.
///
/// A job works on it inside the batch's transaction. What the writer remembers of the tables (lanes, routes, the last
/// sequence number) is forgotten when the batch is rolled back, because the rows may be gone.
final class SpoolWriter {
    let database: Database
    let statements: WriterStatements
    private let pageSize: Int64
    private let log: LogKeeper?
    /// The last number given to a message.
    ///
    /// It is never given again, not even after a rollback.
    var lastSequence: Int64
    /// What the jobs of this transaction change in the number of dispatches in each state.
    private var countChanges: [Int64] = Array(repeating: 0, count: DispatchState.allCases.count)
    /// The dispatches of this transaction that wait for their first attempt.
    private(set) var committed: [SpooledDispatch] = []
    /// The dispatches whose attempts the last run left unfinished.
    var interrupted: [Int64] = []
    private var lanes: [String: Int64] = [:]
    private var routes: [RouteOrigin: Int64] = [:]
    /// Where the next look for dispatches to lease begins, by lane; forgotten by every change that could free an earlier one.
    var leaseScans: [Int64: LeaseScanStart] = [:]
    /// Prepared when the first program comes.
    var preparedLeases: LeaseStatements?
    /// The names used since a sweep of names began; `nil` while there is none.
    var usedNames: SpoolNames?

    /// How many lanes and routes are remembered at most; beyond, they are looked up again.
    private static let maximumRemembered = 50_000

    init(_ database: Database, log: LogKeeper? = nil) throws {
        self.database = database
        self.log = log
        statements = try WriterStatements(database)
        let written = try database.integer("SELECT max(sequence) FROM messages") ?? 0
        let removed = try database.integer("SELECT value FROM counters WHERE name = 'sequence'") ?? 0
        lastSequence = max(written, removed)
        pageSize = try database.integer("PRAGMA page_size") ?? 0
    }

    // MARK: Transactions

    /// The bytes in use as of the last transaction.
    private(set) var usedBytes: Int64 = 0

    private func measure() throws {
        let pages = try database.integer("PRAGMA page_count") ?? 0
        let free = try database.integer("PRAGMA freelist_count") ?? 0
        usedBytes = (pages - free) * pageSize
    }

    /// Runs the body in a transaction.
    ///
    /// - Returns: What the body returned, and the new dispatches that wait.
    func transaction<Result>(_ body: () throws -> Result) throws -> (Result, [SpooledDispatch]) {
        log?.tend(database)
        defer { log?.committed(pages: database.logPages) }
        do {
            let result = try database.transaction {
                let result = try body()
                try flushCounts()
                try measure()
                return result
            }
            defer { committed = [] }
            return (result, committed)
        } catch {
            committed = []
            forgetNames()
            leaseScans = [:]
            for index in countChanges.indices { countChanges[index] = 0 }
            throw error
        }
    }

    /// Notes that dispatches changed their state; `nil` stands for a row that did not exist or is removed.
    func count(from old: DispatchState?, to new: DispatchState?, _ number: Int64 = 1) {
        if let old { countChanges[Int(old.code)] -= number }
        if let new { countChanges[Int(new.code)] += number }
    }

    private func flushCounts() throws {
        for state in DispatchState.allCases where countChanges[Int(state.code)] != 0 {
            try database.withStatement(
                "INSERT INTO counters VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + ?2"
            ) { statement in
                try statement.bind(state.rawValue, at: 1)
                try statement.bind(countChanges[Int(state.code)], at: 2)
                try statement.run()
            }
            countChanges[Int(state.code)] = 0
        }
    }

    /// Tells that a dispatch waits, to be read by the Exchange after the commit.
    func announce(_ dispatch: SpooledDispatch) {
        committed.append(dispatch)
    }

    // MARK: Names

    /// Looks names up again, because their rows may be gone.
    func forgetNames() {
        lanes = [:]
        routes = [:]
    }

    /// The number of a recipient's lane.
    func lane(_ recipient: String) throws -> Int64 {
        let number = try lanes[recipient] ?? findLane(recipient)
        usedNames?.lanes.insert(number)
        return number
    }

    private func findLane(_ recipient: String) throws -> Int64 {
        let number = try identify(
            find: "SELECT id FROM lanes WHERE recipient = ?1", insert: "INSERT INTO lanes (recipient) VALUES (?1)",
            [recipient])
        if lanes.count >= Self.maximumRemembered { lanes = [:] }
        lanes[recipient] = number
        return number
    }

    /// The number of a route.
    func route(_ origin: RouteOrigin) throws -> Int64 {
        let number = try routes[origin] ?? findRoute(origin)
        usedNames?.routes.insert(number)
        return number
    }

    private func findRoute(_ origin: RouteOrigin) throws -> Int64 {
        let number = try identify(
            find: "SELECT id FROM routes WHERE name = ?1 AND location = ?2",
            insert: "INSERT INTO routes (name, location) VALUES (?1, ?2)", [origin.name, origin.location ?? ""])
        if routes.count >= Self.maximumRemembered { routes = [:] }
        routes[origin] = number
        return number
    }

    private func identify(find: String, insert: String, _ values: [String]) throws -> Int64 {
        func bind(_ statement: borrowing Statement) throws {
            for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
        }
        let found = try database.withStatement(find) { statement in
            try bind(statement)
            return try statement.firstRow { try $0.integer(0) }
        }
        if let found { return found }
        try database.withStatement(insert) { statement in
            try bind(statement)
            try statement.run()
        }
        return database.lastInsertedRow
    }
}
