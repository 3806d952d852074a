package import Files
import Synchronization

/// A disk in memory that forgets as real ones do, for the spool's database and its blobs alike.
///
/// What is written lies in a cache and is durable once its file was synchronized, a new name once its folder was. When
/// the power goes (``crash(_:)``) each sector that was not synchronized has what it had at any moment since, chosen by
/// the seed; when the process alone dies everything stays. Before each operation somebody may be asked what becomes of
/// it (``onOperation(_:)``): that is where a scheduler lets it fail or ends the process.
///
/// All that happens is decided by the seed and the order of the operations: there is no clock and no other chance.
package final class MemoryDisk: Sendable {
    /// Decides what becomes of an operation; called on the thread that asks for it, which may be any.
    package typealias Judge = @Sendable (DiskRequest) -> DiskVerdict

    private let core: DiskCore
    /// Every process's way to the disk: SQLite finds one by its name for as long as there is the disk.
    private let registrations = Mutex<[SQLiteRegistration]>([])

    /// Creates an empty disk.
    ///
    /// - Parameters:
    ///   - seed: Decides about all that chance decides.
    ///   - capacity: The most bytes that files may have together; `nil` for any number.
    ///   - ignoresSynchronization: Whether to lie about synchronization.
    ///   - now: The time since 1970, of files and for SQLite.
    package init(
        seed: UInt64, capacity: Int? = nil, ignoresSynchronization: Bool = false,
        now: @escaping @Sendable () -> Duration = { .seconds(1_700_000_000) }
    ) {
        core = DiskCore(seed: seed, capacity: capacity, ignoresSynchronization: ignoresSynchronization, now: now)
    }

    /// The disk as a process sees it that starts now.
    ///
    /// After a crash everything fails on what was mounted before it.
    package func mount() -> FileSystem {
        let registration = SQLiteRegistration(disk: core, crashes: core.crashes)
        registrations.withLock { $0.append(registration) }
        return FileSystem(
            calls: SimulatedCalls(disk: core, registration: registration), sqliteName: registration.name)
    }

    /// Ends the process, or the machine with it.
    package func crash(_ kind: CrashKind) {
        core.crash(kind)
    }

    /// Lets somebody decide about every operation from now on; `nil` for nobody.
    package func onOperation(_ judge: Judge?) {
        core.setJudge(judge)
    }

    /// The most bytes that files may have together; `nil` for any number.
    package var capacity: Int? {
        get { core.inspect { $0.capacity } }
        set { core.inspect { $0.capacity = newValue } }
    }

    /// The bytes of all files.
    package var used: Int { core.inspect { $0.used } }

    /// How many operations there were.
    package var operationCount: Int { core.operationCount }

    /// The bytes of a file as programs see it; `nil` without one.
    package func content(of path: FilePath) -> [UInt8]? {
        core.inspect { volume in
            volume.tree.node(path.text).map { node in
                let content = volume.nodes[node].file.seen
                return Array(content.view(0..<content.size))
            }
        }
    }
}
