import Files
import Synchronization
import TestSupport

/// What a ``MemoryDisk`` consists of: its volume, and who decides about its operations.
final class DiskCore: Sendable {
    private struct State {
        var volume: Volume
        var random: SeededRandom
        var judge: MemoryDisk.Judge?
        var operations = 0
        /// How many crashes there were: what was opened before one is worth nothing after it.
        var crashes = 0
        var lastConnection = 0
    }

    private let state: Mutex<State>
    /// The unit in which a write is torn, in bytes.
    let sectorSize: Int
    /// Whether the disk only says that it has synchronized: a lie that a test of the test tells.
    let ignoresSynchronization: Bool
    let now: @Sendable () -> Duration

    init(
        seed: UInt64, capacity: Int?, ignoresSynchronization: Bool, now: @escaping @Sendable () -> Duration
    ) {
        var random = SeededRandom(seed: seed)
        sectorSize = Bool.random(using: &random) ? 512 : 4_096
        state = Mutex(State(volume: Volume(capacity: capacity), random: random))
        self.ignoresSynchronization = ignoresSynchronization
        self.now = now
    }

    /// Ends the process, or the machine with it.
    func crash(_ kind: CrashKind) {
        state.withLock { state in
            state.crashes += 1
            state.volume.crash(kind, sectorSize: sectorSize, &state.random)
        }
    }

    /// Lets somebody decide about every operation from now on.
    func setJudge(_ judge: MemoryDisk.Judge?) {
        state.withLock { $0.judge = judge }
    }

    /// Looks at what there is, or changes it from outside.
    func inspect<Result: Sendable>(_ body: (inout Volume) -> Result) -> Result {
        state.withLock { body(&$0.volume) }
    }

    /// How many operations there were.
    var operationCount: Int { state.withLock { $0.operations } }

    /// How many crashes there were.
    var crashes: Int { state.withLock { $0.crashes } }

    // MARK: Operations

    /// Does one operation of a process that mounted the disk after so many crashes, unless somebody decides otherwise.
    ///
    /// `half` tells what is left done of it when it fails, or the process ends in the middle. After another crash it
    /// fails as the disk would that is not there.
    func perform<Result: Sendable>(
        _ operation: DiskOperation, _ path: String, size: Int = 0, since crashes: Int,
        half: (inout Volume, inout SeededRandom) -> Void = { _, _ in },
        _ body: (inout Volume) throws(ErrorNumber) -> Result
    ) throws(ErrorNumber) -> Result {
        let (request, judge) = state.withLock { state in
            defer { state.operations += 1 }
            return (
                DiskRequest(number: state.operations, operation: operation, path: FilePath(path), size: size),
                state.judge
            )
        }
        // Without the lock, because whoever decides may end the process.
        switch judge?(request) ?? .proceed {
        case .proceed: break
        case .fail(let reason):
            if operation == .synchronize { change(since: crashes, half) }
            throw reason
        case .crash(let kind):
            // A synchronization that is cut short leaves what power loss makes of it.
            if operation != .synchronize { change(since: crashes, half) }
            if self.crashes == crashes { crash(kind) }
        }
        return try state.withLock { state throws(ErrorNumber) in
            guard state.crashes == crashes else { throw .inputOutput }
            return try body(&state.volume)
        }
    }

    private func change(since crashes: Int, _ body: (inout Volume, inout SeededRandom) -> Void) {
        state.withLock { state in
            if state.crashes == crashes { body(&state.volume, &state.random) }
        }
    }

    /// Does what touches no disk: locks, shared memory, descriptors; `nil` after a crash.
    func manage<Result: Sendable>(since crashes: Int, _ body: (inout Volume) -> Result) -> Result? {
        state.withLock { state in state.crashes == crashes ? body(&state.volume) : nil }
    }

    /// A number for a new connection of SQLite.
    func nextConnection() -> Int {
        state.withLock { state in
            state.lastConnection += 1
            return state.lastConnection
        }
    }

    /// A number by chance.
    func randomNumber() -> UInt64 { state.withLock { $0.random.next() } }
}
