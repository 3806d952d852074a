import Synchronization

/// Counts what happens, up only, from the start of the process.
public final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// How often it has happened.
    public var value: Int { count.load(ordering: .relaxed) }

    /// Counts one more, or several.
    func add(_ number: Int = 1) {
        count.wrappingAdd(number, ordering: .relaxed)
    }
}
