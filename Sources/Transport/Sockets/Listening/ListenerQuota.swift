import Synchronization

/// Counts a listener's connections on all loops and keeps them below a limit.
final class ListenerQuota: Sendable {
    private let limit: Int
    private let open = Atomic<Int>(0)
    private let someoneWaits = Atomic<Bool>(false)

    init(limit: Int) {
        self.limit = limit
    }

    /// How many connections are open.
    var count: Int { open.load(ordering: .relaxed) }

    /// Counts a connection, unless that would be one too many.
    ///
    /// The count never goes over the limit, not for a moment: another loop might take that for being full, and wait
    /// for an end that has been.
    func take() -> Bool {
        var count = open.load(ordering: .sequentiallyConsistent)
        while count < limit {
            let (exchanged, original) = open.compareExchange(
                expected: count, desired: count + 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            count = original
        }
        return false
    }

    /// Counts the end of a connection; true when someone waits for room.
    func giveBack() -> Bool {
        open.subtract(1, ordering: .sequentiallyConsistent)
        return someoneWaits.exchange(false, ordering: .sequentiallyConsistent)
    }

    /// Notes that someone waits; false when there is room again meanwhile.
    ///
    /// Either this sees the end of a connection, or that end sees the waiting.
    func waitForRoom() -> Bool {
        someoneWaits.store(true, ordering: .sequentiallyConsistent)
        return open.load(ordering: .sequentiallyConsistent) >= limit
    }
}
