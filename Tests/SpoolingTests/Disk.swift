import Synchronization

/// A disk that a test fills and empties.
final class Disk: Sendable {
    private let state = Atomic<Bool>(false)

    var isFull: Bool {
        get { state.load(ordering: .relaxed) }
        set { state.store(newValue, ordering: .relaxed) }
    }
}
