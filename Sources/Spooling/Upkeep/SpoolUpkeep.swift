public import Clocks
public import Files
import Messages
import SQLite

/// Looks after a spool from outside: checks it, repairs it, copies it and brings a copy back.
///
/// A check and a backup only read, so the router may be at work; a repair and a restore need the folder for themselves
/// and are refused while it runs.
public struct SpoolUpkeep: Sendable {
    /// Is told how far the work is, on another thread.
    public typealias Tell = @Sendable (SpoolProgress) -> Void

    private let paths: SpoolPaths
    private let clock: any WallClock
    private let files: FileSystem
    private let threads: any SpoolThreads

    /// Looks after the spool in this folder.
    ///
    /// - Parameters:
    ///   - folder: The data folder of the router.
    ///   - clock: Names what is set aside.
    ///   - files: The disk.
    ///   - threads: Where the work is done, because it blocks.
    public init(
        folder: FilePath, clock: any WallClock, files: FileSystem = .posix, threads: any SpoolThreads = SystemThreads()
    ) {
        paths = SpoolPaths(folder: folder)
        self.clock = clock
        self.files = files
        self.threads = threads
    }

    /// Looks for damage in the database and the blobs; changes nothing.
    ///
    /// - Throws: ``SpoolError`` when there is no spool, or one of another program or a newer release.
    public func check(_ tell: @escaping Tell = { _ in }) async throws(SpoolError) -> SpoolReport {
        try await run { try Self.check(paths, files, tell) }
    }

    /// Saves what can be read of a damaged database into a new one, which takes its place.
    ///
    /// The old one is kept beside it. A sound database is left as it is.
    ///
    /// - Throws: ``SpoolError/unusable(path:detail:)`` while a router runs, or when not even the tables' names can be
    ///   read; ``SpoolError/full(detail:)``. The database is then as it was.
    public func repair(_ tell: @escaping Tell = { _ in }) async throws(SpoolError) -> SpoolRepair {
        let now = clock.now
        return try await run {
            guard try files.exists(paths.folder) else {
                throw SpoolError.unusable(path: paths.folder.text, detail: "there is no such folder")
            }
            let lock = try FolderLock(paths, files: files)
            defer { lock.release() }
            return try repair(at: now, tell)
        }
    }

    /// Copies the spool into a folder, while the router works or not, and checks the copy.
    ///
    /// - Parameters:
    ///   - folder: A folder without a spool; it is created when missing.
    ///   - tell: Is told how far the work is.
    /// - Returns: The check of the copy: damage is copied as it is.
    /// - Throws: ``SpoolError``; the folder then has no `spool.db`.
    public func backUp(to folder: FilePath, _ tell: @escaping Tell = { _ in }) async throws(SpoolError) -> SpoolReport {
        try await run {
            let target = SpoolPaths(folder: folder)
            try SpoolCopy(source: paths, target: target, files: files, tell: tell).run()
            return try Self.check(target, files, tell)
        }
    }

    /// Brings a copy back into the folder, having checked it.
    ///
    /// - Parameters:
    ///   - folder: What ``backUp(to:_:)`` made.
    ///   - tell: Is told how far the work is.
    /// - Returns: The check of the copy; nothing was brought back unless it is sound.
    /// - Throws: ``SpoolError/unusable(path:detail:)`` while a router runs, and when there is a spool already.
    public func restore(
        from folder: FilePath, _ tell: @escaping Tell = { _ in }
    ) async throws(SpoolError) -> SpoolReport {
        try await run {
            let source = SpoolPaths(folder: folder)
            let lock = try FolderLock(paths, files: files)
            defer { lock.release() }
            let copy = SpoolCopy(source: source, target: paths, files: files, tell: tell)
            try copy.checkTarget()
            let report = try Self.check(source, files, tell)
            if report.isSound { try copy.run() }
            return report
        }
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws(SpoolError) -> Value
    {
        let worker = try await WorkerPool(on: threads, count: 1) {}
        let result: Result<Value, SpoolError>
        do throws(SpoolError) {
            result = .success(try await worker.run { _ in try body() })
        } catch {
            result = .failure(error)
        }
        await worker.close()
        return try result.get()
    }

    private static func check(_ paths: SpoolPaths, _ files: FileSystem, _ tell: @escaping Tell) throws -> SpoolReport {
        guard try files.exists(paths.database) else {
            throw SpoolError.unusable(path: paths.folder.text, detail: "there is no spool.db in it")
        }
        var check = try SpoolCheck(paths, files: files, tell: tell)
        return check.run()
    }

    private func repair(at time: Timestamp, _ tell: @escaping Tell) throws -> SpoolRepair {
        let swap = SpoolSwap(paths: paths, files: files)
        let resumed = try swap.resume()
        let report = try Self.check(paths, files, tell)
        guard report.isDatabaseDamaged else { return SpoolRepair(kept: resumed, lost: report.findings) }
        try files.remove(paths.repaired)
        let (saved, lost) = try salvage(at: time, tell)
        return SpoolRepair(kept: try swap.run(at: time), saved: saved, lost: lost)
    }

    private func salvage(at time: Timestamp, _ tell: @escaping Tell) throws -> (saved: Int, lost: [SpoolFinding]) {
        let old = try Database(path: paths.database.text, mode: .reader, fileSystem: files.sqliteName)
        let new = try Database(path: paths.repaired.text, mode: .writer, fileSystem: files.sqliteName)
        try new.migrate(SpoolSchema.migrations, applicationID: SpoolSchema.applicationID)
        var salvage = SpoolSalvage(from: old, to: new, at: time, tell: tell)
        try salvage.run()
        try new.checkIntegrity()
        return (salvage.saved, salvage.lost)
    }
}
