import Messages
import SQLite
import Synchronization

/// The one thread that changes the spool, and the group commit.
///
/// It takes every change that waits (at most ``maximumBatch``), makes all of them in one transaction, commits, and only
/// then lets those go on who wait: while one commit is on its way to the disk the next batch gathers. When a change
/// fails the batch is rolled back, and each of its changes gets a transaction of its own, so the bad one fails alone.
final class CommitThread: Sendable {
    /// More would make the first of a batch wait noticeably for the last.
    static let maximumBatch = 1_024

    private let changes = JobQueue<Change>()
    private let ended = Ending()
    private let commits = Atomic<Int>(0)
    private let used = Atomic<Int64>(0)
    private let announce: @Sendable ([SpooledDispatch]) -> Void

    /// How many transactions have been committed.
    var commitCount: Int { commits.load(ordering: .relaxed) }

    /// The bytes of the database that are in use, as of the last commit; free pages are not counted.
    var usedBytes: Int64 { used.load(ordering: .relaxed) }

    /// How many changes wait for a transaction.
    var waitingCount: Int { changes.count }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - threads: Where it runs.
    ///   - announce: Is told the new dispatches of each commit, before those who accepted them.
    ///   - makeWriter: Opens the database, on the thread.
    /// - Throws: What `makeWriter` throws.
    init(
        on threads: any SpoolThreads, announce: @escaping @Sendable ([SpooledDispatch]) -> Void,
        makeWriter: @escaping @Sendable () throws -> SpoolWriter
    ) async throws(SpoolError) {
        self.announce = announce
        try await threads.serve(
            changes, upTo: Self.maximumBatch, ended: ended,
            opening: { [self] in
                let writer = try makeWriter()
                used.store(writer.usedBytes, ordering: .relaxed)
                return writer
            }, { [self] batch, writer in commit(batch, writer) })
    }

    private func commit(_ batch: [Change], _ writer: SpoolWriter) {
        do {
            let (completions, dispatches) = try writer.transaction { try batch.map { try $0.make(writer) } }
            commits.add(1, ordering: .relaxed)
            used.store(writer.usedBytes, ordering: .relaxed)
            if !dispatches.isEmpty { announce(dispatches) }
            for complete in completions { complete() }
        } catch {
            if batch.count == 1 {
                for change in batch { change.fail(SpoolError(error)) }
            } else {
                for change in batch { commit([change], writer) }
            }
        }
    }

    /// Makes a change, and returns when it is on stable storage.
    ///
    /// - Throws: ``SpoolError/closed`` after ``close()``; the reason when the change failed, and then nothing of it is
    ///   on the disk.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (SpoolWriter) throws -> Value
    ) async throws(SpoolError) -> Value {
        let result: Result<Value, SpoolError> = await withCheckedContinuation { continuation in
            let change = Change(body) { continuation.resume(returning: $0) }
            if !changes.push(change) { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    /// Takes no more changes; the thread ends when those asked for are made.
    func finish() {
        changes.close()
    }

    /// Finishes what was asked for, and returns when the database is closed.
    func close() async {
        finish()
        await ended.wait()
    }
}
