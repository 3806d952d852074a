import Files
import SQLite
import Simulation
import TestSupport
import Testing

@Suite struct DatabaseOnDiskTests {
    @Test("a database works on a simulated disk: a writer, readers beside it, and a second opening")
    func works() throws {
        let disk = MemoryDisk(seed: 1)
        let files = disk.mount()
        do {
            let writer = try Database(path: "/db", mode: .writer, fileSystem: files.sqliteName)
            try writer.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
            let reader = try Database(path: "/db", mode: .reader, fileSystem: files.sqliteName)
            for _ in 0..<200 {
                try writer.transaction { try writer.execute("INSERT INTO t (b) VALUES (randomblob(3000))") }
            }
            #expect(try reader.integer("SELECT count(*) FROM t") == 200)
            #expect(try writer.checkpoint().left == 0)
            try reader.checkIntegrity()
        }
        #expect(disk.content(of: "/db-wal") == nil)
        let again = try Database(path: "/db", mode: .writer, fileSystem: disk.mount().sqliteName)
        #expect(try again.integer("SELECT count(*) FROM t") == 200)
    }

    @Test(
        "whatever operation a crash comes at, every commit is there afterwards and the file is whole",
        arguments: CrashKind.allCases, [1, 2, 3] as [UInt64])
    func survives(crash: CrashKind, seed: UInt64) throws {
        let workload = Workload(seed: seed)
        let count = try workload.operations()
        #expect(count > 150)
        // The seeds share the operations: together they crash at each.
        for number in stride(from: Int(seed) - 1, to: count, by: 3) {
            let finding = workload.run(crash, at: number)
            #expect(finding == nil, "seed \(seed), \(crash) at operation \(number) of \(count)")
        }
    }

    @Test("a disk that lies about synchronization is found out by power loss, and by nothing else")
    func lies() throws {
        let workload = Workload(seed: 1, ignoresSynchronization: true)
        let count = try workload.operations()
        #expect(stride(from: 0, to: count, by: 5).contains { workload.run(.powerLoss, at: $0) != nil })
        #expect(stride(from: 0, to: count, by: 9).allSatisfy { workload.run(.killed, at: $0) == nil })
    }

    @Test("the same seed and the same operations leave the same database, and a log of the same length")
    func repeats() throws {
        let workload = Workload(seed: 5)
        for number in stride(from: 50, to: try workload.operations(), by: 41) {
            let disks = (0..<2).map { _ in workload.crash(.powerLoss, at: number).disk }
            // SQLite draws the log's salt from a generator that the whole process shares.
            #expect(disks[0].content(of: "/db-wal")?.count == disks[1].content(of: "/db-wal")?.count)
            let isSame = disks[0].content(of: "/db") == disks[1].content(of: "/db")
            #expect(isSame, "operation \(number)")
        }
    }
}

/// Transactions whose outcome can be told: the n-th adds its number, changes rows, and at times moves the log.
struct Workload {
    let seed: UInt64
    var ignoresSynchronization = false
    private static let transactions = 40

    /// How many operations it comes to without a crash.
    func operations() throws -> Int {
        let disk = MemoryDisk(seed: seed)
        let acknowledged = work(on: disk.mount())
        #expect(acknowledged == Self.transactions)
        return disk.operationCount
    }

    /// Crashes at an operation and returns what is wrong afterwards, if anything.
    func run(_ kind: CrashKind, at number: Int) -> String? {
        let (disk, acknowledged) = crash(kind, at: number)
        disk.onOperation(nil)
        return judge(disk.mount(), acknowledged)
    }

    func crash(_ kind: CrashKind, at number: Int) -> (disk: MemoryDisk, acknowledged: Int) {
        let disk = MemoryDisk(seed: seed &* 1_000_003 &+ UInt64(number), ignoresSynchronization: ignoresSynchronization)
        disk.onOperation { $0.number == number ? .crash(kind) : .proceed }
        return (disk, work(on: disk.mount()))
    }

    /// Works until the end or the first failure; how many transactions were acknowledged.
    private func work(on files: FileSystem) -> Int {
        var acknowledged = 0
        var random = SeededRandom(seed: seed)
        do {
            let database = try Database(path: "/db", mode: .writer, fileSystem: files.sqliteName)
            try database.execute("PRAGMA wal_autocheckpoint = 20")
            for number in 1...Self.transactions {
                let size = Int.random(in: 1...9_000, using: &random)
                try database.transaction {
                    try database.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, size, data BLOB)")
                    try database.execute("INSERT INTO t VALUES (\(number), \(size), zeroblob(\(size)))")
                    try database.execute("UPDATE t SET data = CAST(n * \(number) AS BLOB) WHERE n % 3 = \(number % 3)")
                    if number % 7 == 0 { try database.execute("DELETE FROM t WHERE n < \(number - 6)") }
                }
                acknowledged = number
            }
        } catch {
            return acknowledged
        }
        return acknowledged
    }

    private func judge(_ files: FileSystem, _ acknowledged: Int) -> String? {
        do {
            let database = try Database(path: "/db", mode: .writer, fileSystem: files.sqliteName)
            try database.checkIntegrity()
            guard try database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 't'") == 1 else {
                return acknowledged == 0 ? nil : "no table, \(acknowledged) were acknowledged"
            }
            let last = Int(try database.integer("SELECT max(n) FROM t") ?? 0)
            guard last == acknowledged || last == acknowledged + 1 else { return "\(last), not \(acknowledged)" }
            let first = last / 7 * 7 - 6
            let rows = try database.integer("SELECT count(*) FROM t WHERE n >= \(first)")
            return rows.map(Int.init) == last - max(first, 1) + 1 ? nil : "\(rows ?? 0) rows up to \(last)"
        } catch {
            return "\(error)"
        }
    }
}
