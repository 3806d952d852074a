import Files
import Logging
import SQLite
import Synchronization

/// Moves the write-ahead log into the database beside the writer, so that no commit waits for it.
///
/// A log begins anew only when all of it has been moved, and while it is moved the writer adds to it. So a thread of
/// its own moves most, again and again, until little is left; that little the writer moves itself between two
/// transactions. Only a log that reaches ``Limits/bound`` makes the writer wait.
final class LogKeeper: Sendable {
    /// Lengths of the log, in pages of 4 KiB.
    struct Limits: Sendable {
        /// From here on the log is moved: 4 MiB, so that little is synchronized at one time.
        var start = 1_024
        /// So much the writer moves itself: 512 KiB.
        var tail = 128
        /// Here the writer waits for what is under way, and moves the rest: 64 MiB.
        ///
        /// A long read, as a backup is, makes a longer log all the same: what it may still look at has to stay.
        var bound = 16_384
    }

    /// How often the thread goes over a log that grows meanwhile.
    private static let maximumPasses = 8

    private let limits: Limits
    private let worker: WorkerPool<LogConnection>
    private let logger: Logger
    /// The pages in the log, as the writer saw it last.
    private let pages = Atomic<Int>(0)
    /// The pages at which it is looked after next.
    private let next: Atomic<Int>
    private let isMoving = Atomic<Bool>(false)
    private let isFinishWanted = Atomic<Bool>(false)
    /// Held by the thread while it moves.
    private let pass = Mutex<Void>(())

    /// Starts the thread; it opens the database when it has something to do for the first time.
    init(
        _ database: FilePath, files: FileSystem = .posix, limits: Limits = Limits(), on threads: any SpoolThreads,
        logger: Logger
    ) async throws(SpoolError) {
        self.limits = limits
        next = Atomic(limits.start)
        worker = try await WorkerPool(on: threads, count: 1) {
            LogConnection(path: database.text, fileSystem: files.sqliteName)
        }
        self.logger = logger
    }

    /// Looks after the log, on the writer's thread and between two transactions.
    func tend(_ database: Database) {
        let isLong = pages.load(ordering: .relaxed) >= max(limits.bound, next.load(ordering: .relaxed))
        guard isLong || isFinishWanted.load(ordering: .acquiring) else { return }
        if isLong { pass.withLock { _ in } }
        isFinishWanted.store(false, ordering: .relaxed)
        move(database)
    }

    /// Notes how long the log is after a commit, and has it moved when it is long.
    func committed(pages count: Int) {
        pages.store(count, ordering: .relaxed)
        guard count >= next.load(ordering: .relaxed), !isMoving.exchange(true, ordering: .acquiringAndReleasing) else {
            return
        }
        worker.submit { [self] connection in
            pass.withLock { _ in connection.open(logger).map(moveMost) }
            isMoving.store(false, ordering: .releasing)
        }
    }

    /// Goes over the log until what came meanwhile is little, or readers keep the rest.
    private func moveMost(_ database: Database) {
        var left = Int.max
        for _ in 0..<Self.maximumPasses {
            guard let done = move(database) else { return }
            let remaining = max(pages.load(ordering: .relaxed) - done.moved, 0)
            if remaining <= limits.tail || remaining >= left { break }
            left = remaining
        }
        isFinishWanted.store(true, ordering: .releasing)
    }

    @discardableResult
    private func move(_ database: Database) -> Checkpoint? {
        do throws(SQLiteError) {
            let done = try database.checkpoint()
            // What readers keep is tried again when there is as much more.
            next.store((done.left > limits.tail ? done.pages : 0) + limits.start, ordering: .relaxed)
            return done
        } catch {
            next.store(pages.load(ordering: .relaxed) + limits.start, ordering: .relaxed)
            logger.error("log cannot be moved into the database", ["error": error])
            return nil
        }
    }

    func finish() {
        worker.finish()
    }

    /// Returns when the thread is done, and the database closed.
    func close() async {
        await worker.close()
    }
}

/// The thread's connection, opened when it is used first: the writer makes the file.
private final class LogConnection {
    private let path: String
    private let fileSystem: String?
    private var database: Database?

    init(path: String, fileSystem: String?) {
        self.path = path
        self.fileSystem = fileSystem
    }

    func open(_ logger: Logger) -> Database? {
        if let database { return database }
        do throws(SQLiteError) {
            let opened = try Database(path: path, mode: .writer, fileSystem: fileSystem)
            opened.keepLog()
            database = opened
            return opened
        } catch {
            logger.error("database cannot be opened to move its log", ["error": error])
            return nil
        }
    }
}
