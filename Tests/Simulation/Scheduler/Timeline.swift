package import Messages

/// The time of a simulation: it stands still while there is something to do, then leaps to what comes next.
package final class Timeline {
    private struct Entry {
        let due: Int64
        let order: Int
        let action: () -> Void
    }

    /// The milliseconds since the start; never goes back.
    package private(set) var elapsed: Int64 = 0
    /// What the clock on the wall shows beyond that.
    private var offset = Timestamp(seconds: 1_700_000_000)
    /// How often the clock on the wall was set.
    package private(set) var jumps = 0
    /// How far it was set back in all.
    package private(set) var setBack = Duration.zero
    private var order = 0
    /// The latest first, so that the next is cheap to take.
    private var entries: [Entry] = []

    /// Creates a timeline at its start.
    package init() {}

    /// What the clock on the wall shows.
    package var wallTime: Timestamp { offset + .milliseconds(elapsed) }

    /// Sets the clock on the wall forward, or back.
    package func jump(by duration: Duration) {
        jumps += 1
        if duration < .zero { setBack -= duration }
        offset = offset + duration
    }

    /// Has something done after this long.
    package func after(_ duration: Duration, _ action: @escaping () -> Void) {
        let due = elapsed + max(0, duration.milliseconds)
        order += 1
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].due > due { low = middle + 1 } else { high = middle }
        }
        entries.insert(Entry(due: due, order: order, action: action), at: low)
    }

    /// Leaps to what comes next and does it; `false` when nothing does.
    package func advance() -> Bool {
        guard let next = entries.popLast() else { return false }
        elapsed = max(elapsed, next.due)
        next.action()
        return true
    }
}
