import Files
import Logging
import SQLite
import TestSupport
import Testing

@testable import Spooling

@Suite struct LogTests {
    private static let limits = LogKeeper.Limits(start: 64, tail: 8, bound: 256)

    /// Runs the body with a database whose log is kept, and a way to add some pages to it.
    private func withLog(_ body: (FilePath, (Int) throws -> Int) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let path = FilePath(folder).appending("log.db")
            let database = try Database(path: path.text, mode: .writer)
            try database.execute("CREATE TABLE t (a BLOB)")
            database.keepLog()
            let keeper = try await LogKeeper(
                path, limits: Self.limits, on: SystemThreads(), logger: Logger(level: .debug, sink: LogRecorder()))
            try await body(path) { pages in
                keeper.tend(database)
                try database.transaction {
                    try database.execute("INSERT INTO t VALUES (zeroblob(4096 * \(pages)))")
                }
                keeper.committed(pages: database.logPages)
                return database.logPages
            }
            await keeper.close()
        }
    }

    @Test("the log never grows far beyond its bound, however much is written")
    func bounded() async throws {
        try await withLog { _, write in
            var lengths: [Int] = []
            for _ in 0..<400 { lengths.append(try write(16)) }
            #expect((lengths.max() ?? 0) < Self.limits.bound + 64)
            // It began anew again and again.
            #expect(zip(lengths, lengths.dropFirst()).count { $0 > $1 } > 4)
        }
    }

    @Test("what a reader may still look at stays in the log, and goes when it lets go")
    func reader() async throws {
        try await withLog { path, write in
            _ = try write(1)
            let reader = try Database(path: path.text, mode: .reader)
            var longest = 0
            try reader.transaction(.deferred) {
                #expect(try reader.integer("SELECT count(*) FROM t") == 1)
                for _ in 0..<50 { longest = try write(16) }
                #expect(try reader.integer("SELECT count(*) FROM t") == 1)
            }
            #expect(longest > Self.limits.bound)
            var shortest = longest
            for _ in 0..<50 { shortest = min(shortest, try write(16)) }
            #expect(shortest < 64)
        }
    }

    @Test("without a keeper nothing is moved by itself")
    func byHand() async throws {
        try await withTemporaryFolder { folder in
            let database = try Database(path: "\(folder)/log.db", mode: .writer)
            try database.execute("CREATE TABLE t (a BLOB)")
            database.keepLog()
            for _ in 0..<100 { try database.execute("INSERT INTO t VALUES (zeroblob(65536))") }
            #expect(database.logPages > 1_600)
            let done = try database.checkpoint()
            #expect(done.left == 0 && done.pages == database.logPages)
        }
    }
}
