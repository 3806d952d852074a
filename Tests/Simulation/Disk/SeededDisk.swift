package import Files

/// A ``MemoryDisk`` for one simulation after another's fashion: each router that starts finds it mounted anew.
package final class SeededDisk: SimulatedDisk {
    package let folder: FilePath = "/spool"
    package private(set) var files: FileSystem
    /// What it is, for those who want to fill it up.
    package let memory: MemoryDisk

    /// Creates an empty disk.
    ///
    /// - Parameters:
    ///   - seed: Decides about all that chance decides.
    ///   - ignoresSynchronization: Whether to lie about synchronization: a mutation.
    ///   - now: The time since 1970.
    package init(
        seed: UInt64, ignoresSynchronization: Bool = false,
        now: @escaping @Sendable () -> Duration = { .seconds(1_700_000_000) }
    ) {
        memory = MemoryDisk(seed: seed, ignoresSynchronization: ignoresSynchronization, now: now)
        files = memory.mount()
    }

    package var vfs: String? { files.sqliteName }

    package var beforeOperation: (DiskRequest) -> DiskVerdict = { _ in .proceed } {
        didSet {
            // A simulation has one thread, and so has its disk.
            nonisolated(unsafe) let judge = beforeOperation
            memory.onOperation { judge($0) }
        }
    }

    package func crash(_ kind: CrashKind) {
        memory.crash(kind)
        files = memory.mount()
    }

    package func remove() {
        memory.onOperation(nil)
    }
}
