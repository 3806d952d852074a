public import Clocks
public import Files
public import Logging
import Messages
import SQLite
import Synchronization

/// A spool in one folder: `spool.db` with its write-ahead log, `blobs/`, and `spool.lock`.
///
/// One thread writes, with a group commit (``CommitThread``); a few read beside it, each on a snapshot of its own.
/// Nobody else ever waits for the disk. A second process is kept out by the lock.
///
/// When a message is accepted but its content cannot be read back, its dispatches become dead letters whose reason says
/// so, and the row is listed as damaged. When the process dies during an attempt, the attempt is told as unknown at the
/// next start and the dispatch waits again.
public final class SQLiteSpool: MessageSpool {
    /// The most changes that wait before new messages are refused: what waits is in memory alone.
    public static let maximumQueued = 16_384

    /// Every new dispatch that waits, in the order of its commit.
    public let committed: AsyncStream<[SpooledDispatch]>
    /// The large parts of messages.
    public let blobs: BlobStore
    let writer: CommitThread
    let readers: WorkerPool<SpoolReader>
    private let log: LogKeeper
    let clock: any WallClock
    let logger: Logger
    private let announcements: AsyncStream<[SpooledDispatch]>.Continuation
    private let paths: SpoolPaths
    private let files: FileSystem
    private let lock: FolderLock
    /// The most bytes that new messages may fill the spool to; `nil` for as many as there is room for.
    private let limit: Int64?
    /// Whether blobs without any message, which a crash may leave, were looked for since the start.
    let hasSweptOrphans = Atomic<Bool>(false)
    /// How many recipients and routes there may be before those without dispatches are looked for.
    let namesBeforeNextSweep = Atomic<Int>(fewNames)

    /// Opens the spool in a folder, which is created when missing, and ends what the last run left unfinished.
    ///
    /// - Parameters:
    ///   - folder: The folder, for this spool alone.
    ///   - limit: The most bytes that new messages may fill it to; what is in it already is still delivered.
    ///   - clock: Says when something was found or recovered.
    ///   - logger: Is told what an operator should know.
    ///   - files: The disk; SQLite opens the database itself, under the disk's ``Files/FileSystem/sqliteName``.
    ///   - threads: Where what blocks is done.
    /// - Throws: ``SpoolError/newerSchema(file:supported:path:)``, ``SpoolError/unusable(path:detail:)`` when another
    ///   process has it or it is no spool, ``SpoolError/full(detail:)`` and ``SpoolError/disk(detail:)``.
    public init(
        folder: FilePath, limit: Int64? = nil, clock: any WallClock, logger: Logger, files: FileSystem = .posix,
        threads: any SpoolThreads = SystemThreads()
    ) async throws(SpoolError) {
        let paths = SpoolPaths(folder: folder)
        let (committed, announcements) = AsyncStream<[SpooledDispatch]>.makeStream()
        lock = try await FolderLock.take(paths, files: files, threads: threads)
        let log = try await LogKeeper(paths.database, files: files, on: threads, logger: logger)
        do throws(SpoolError) {
            writer = try await CommitThread(on: threads, announce: { announcements.yield($0) }) {
                try Self.openWriter(paths, files, log, at: clock.now, logger)
            }
        } catch {
            await log.close()
            throw error
        }
        do throws(SpoolError) {
            readers = try await WorkerPool(on: threads, count: Self.readerCount) {
                SpoolReader(try Database(path: paths.database.text, mode: .reader, fileSystem: files.sqliteName))
            }
        } catch {
            await writer.close()
            await log.close()
            throw error
        }
        do throws(SpoolError) {
            blobs = try await BlobStore(
                paths.blobs, files: files, threads: threads, clock: clock,
                report: Self.reporter(to: writer, clock: clock, logger: logger))
        } catch {
            await readers.close()
            await writer.close()
            await log.close()
            throw error
        }
        self.log = log
        self.committed = committed
        self.announcements = announcements
        self.paths = paths
        self.files = files
        self.limit = limit
        self.clock = clock
        self.logger = logger
    }

    deinit {
        // Whoever forgets to close the spool leaves no thread behind; nobody is left who waits for one.
        writer.finish()
        readers.finish()
        log.finish()
        blobs.finish()
    }

    /// Enough that a long listing does not hold up the loading of lanes.
    private static let readerCount = 2

    private static func openWriter(
        _ paths: SpoolPaths, _ files: FileSystem, _ log: LogKeeper, at time: Timestamp, _ logger: Logger
    ) throws -> SpoolWriter {
        try paths.checkRepair(files)
        let database = try Database(path: paths.database.text, mode: .writer, fileSystem: files.sqliteName)
        database.keepLog()
        // After a long snapshot, as a backup takes, the log has grown and is cut back to 64 MiB.
        try database.execute("PRAGMA journal_size_limit = 67108864")
        try database.execute("PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY")
        try UpgradeCopy(paths: paths, files: files, logger: logger).makeIfNeeded(of: database)
        // An older spool is only committed in its new form when that can be worked with; until then the release that
        // wrote it could take it back.
        let steps = try database.migrate(SpoolSchema.migrations, applicationID: SpoolSchema.applicationID) {
            _ = try SpoolWriter(database)
        }
        for migration in steps {
            logger.debug("schema migrated", ["number": migration.number, "name": migration.name])
        }
        let writer = try SpoolWriter(database, log: log)
        let ((unfinished, shortened), _) = try writer.transaction {
            (try writer.recover(at: time), try writer.shortenWaits(at: time))
        }
        if shortened > 0 { logger.warning("the clock was set back, waits shortened", ["dispatches": shortened]) }
        if unfinished > 0 { logger.warning("attempts of the last run were unfinished", ["count": unfinished]) }
        // SQLite makes the name of its log durable when it creates the file. A process that dies just then leaves a log
        // that the next one finds and writes to, and that a loss of power takes away with all that is in it.
        try files.synchronizeFolder(paths.folder)
        return writer
    }

    /// Refuses new messages when too much waits or the limit is reached.
    func checkRoom() throws(SpoolError) {
        guard writer.waitingCount < Self.maximumQueued else {
            throw .full(detail: "\(Self.maximumQueued) changes wait for the disk")
        }
        guard let limit else { return }
        let used = writer.usedBytes + blobs.size
        guard used < limit else { throw .full(detail: "\(used) of \(limit) bytes are used") }
    }

    /// The bytes in use, blobs included: what the limit counts.
    ///
    /// The files can be larger, as they keep room that was freed.
    public func size() async throws(SpoolError) -> Int64 {
        writer.usedBytes + blobs.size
    }

    /// Copies the database to another file while the router works; blobs are files that never change, to be copied
    /// after it.
    ///
    /// - Throws: ``SpoolError/full(detail:)`` and ``SpoolError/disk(detail:)``; the file is then no valid copy.
    public func backup(to path: FilePath) async throws(SpoolError) {
        try await readers.run { try $0.database.backup(to: path.text) }
    }

    /// Looks for damage in the database file, which may take minutes.
    ///
    /// - Throws: ``SpoolError/disk(detail:)`` with what was found.
    public func checkIntegrity() async throws(SpoolError) {
        try await readers.run { try $0.database.checkIntegrity() }
    }

    /// How many transactions have been committed since the start.
    public var commitCount: Int { writer.commitCount }

    /// Finishes what has been asked for, then refuses everything.
    public func close() async {
        await writer.close()
        await readers.close()
        // The last to go, so that the log is moved whole and removed.
        await log.close()
        await blobs.close()
        announcements.finish()
        lock.release()
    }

    /// Asks on a snapshot, and sets aside what could not be read.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SpoolReader) throws -> Value
    ) async throws(SpoolError) -> Value {
        let (value, damage) = try await readers.run { reader in reader.snapshot(body) }
        if !damage.isEmpty { try await setAside(damage) }
        return try value.get()
    }

    private func setAside(_ damage: [Damage]) async throws(SpoolError) {
        let now = clock.now
        Self.log(try await writer.run { try $0.setAside(damage, at: now) }, logger)
    }

    /// Sets aside the blobs that could not be read.
    private static func reporter(
        to writer: CommitThread, clock: any WallClock, logger: Logger
    ) -> @Sendable (Damage) async -> Void {
        { damage in
            let now = clock.now
            do throws(SpoolError) {
                log(try await writer.run { try $0.setAside([damage], at: now) }, logger)
            } catch {
                // Whoever asked for the blob is told of the damage anyway.
                logger.error("damage not recorded", ["place": damage.place, "error": error])
            }
        }
    }

    private static func log(_ damage: [Damage], _ logger: Logger) {
        for finding in damage {
            logger.error("damage set aside", ["place": finding.place, "reason": finding.reason])
        }
    }
}
