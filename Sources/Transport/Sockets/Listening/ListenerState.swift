/// How far a listener is, and who waits for its end; lives behind a Mutex.
struct ListenerState {
    typealias Waiter = CheckedContinuation<Bool, Never>

    private enum Phase {
        case bound([ListeningSocket])
        /// So many posts have not ended.
        case running(unended: Int)
        case ended
    }

    /// The parts on the loops, while the listener runs.
    private(set) var posts: [LoopBound<ListenerPost>] = []
    private var phase: Phase
    private var waiters: [Int: Waiter] = [:]
    private var tickets = 0

    init(sockets: [ListeningSocket]) {
        phase = .bound(sockets)
    }

    /// The sockets to accept from; nil when it has begun before, or is over.
    mutating func begin(_ posts: [LoopBound<ListenerPost>]) -> [ListeningSocket]? {
        guard case .bound(let sockets) = phase else { return nil }
        phase = .running(unended: posts.count)
        self.posts = posts
        return sockets
    }

    /// Counts the end of a post; those to tell that it was the last one.
    mutating func postEnded() -> [Waiter] {
        guard case .running(let unended) = phase else { return [] }
        phase = unended > 1 ? .running(unended: unended - 1) : .ended
        guard case .ended = phase else { return [] }
        posts = []
        defer { waiters = [:] }
        return Array(waiters.values)
    }

    /// Tells whether there are connections to wait for; a listener that never ran has none, and gives its address up.
    mutating func drain() -> Bool {
        if case .bound = phase { phase = .ended }
        if case .running = phase { return true }
        return false
    }

    /// Keeps who waits for the end, and gives a ticket; nil when it was answered at once.
    mutating func wait(_ waiter: Waiter) -> Int? {
        if case .ended = phase {
            waiter.resume(returning: true)
            return nil
        }
        tickets += 1
        waiters[tickets] = waiter
        return tickets
    }

    /// Who waits with this ticket still.
    mutating func expire(_ ticket: Int) -> Waiter? {
        waiters.removeValue(forKey: ticket)
    }
}
