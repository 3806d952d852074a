import Synchronization

/// Spreads a listener's connections over its loops: by chance the kernel gives one loop many of a few, and a connection
/// stays where it is.
final class ConnectionBalance: Sendable {
    private let counts: Mutex<[Int]>

    /// Begins without connections, on so many loops.
    init(loops: Int) {
        counts = Mutex(Array(repeating: 0, count: loops))
    }

    /// Counts a connection in that came to a loop, and says where it goes: there, unless it has over a quarter more than
    /// the one with the fewest.
    func place(comingTo own: Int) -> Int {
        counts.withLock { counts in
            let fewest = counts.indices.min { counts[$0] < counts[$1] } ?? own
            let place = counts[own] > counts[fewest] + counts[fewest] / 4 ? fewest : own
            counts[place] += 1
            return place
        }
    }

    /// A connection of that loop has ended.
    func left(_ place: Int) {
        counts.withLock { $0[place] -= 1 }
    }
}
