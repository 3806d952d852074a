import Synchronization

/// Spreads a listener's connections over its loops: by chance the kernel gives one loop many of a few, and a connection
/// stays where it is.
final class ConnectionBalance: Sendable {
    private struct State {
        var counts: [Int]
        /// Where the last one went, when the loops take turns.
        var last: Int
    }

    private let takesTurns: Bool
    private let state: Mutex<State>

    /// Begins without connections, on so many loops; these take turns when not each has a socket of its own.
    init(loops: Int, takesTurns: Bool) {
        self.takesTurns = takesTurns
        state = Mutex(State(counts: Array(repeating: 0, count: loops), last: loops - 1))
    }

    /// Counts a connection in that came to a loop, and says where it goes: there, unless it has over a quarter more than
    /// the one with the fewest; or to the next of those with the fewest, when the loops take turns.
    func place(comingTo own: Int) -> Int {
        state.withLock { state in
            let fewest = state.counts.min() ?? 0
            var place = own
            if takesTurns || state.counts[own] > fewest + fewest / 4 {
                let next = state.counts.indices.map { (state.last + 1 + $0) % state.counts.count }
                place = next.first { state.counts[$0] == fewest } ?? own
                state.last = place
            }
            state.counts[place] += 1
            return place
        }
    }

    /// A connection of that loop has ended.
    func left(_ place: Int) {
        state.withLock { $0.counts[place] -= 1 }
    }
}
