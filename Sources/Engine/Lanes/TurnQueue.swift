import Spooling

/// Lanes that wait for their turn, first come, first served; taking one out costs the same however many wait.
struct TurnQueue {
    private var lanes: [LaneID] = []
    private var head = 0

    var count: Int { lanes.count - head }
    var isEmpty: Bool { head == lanes.count }

    mutating func append(_ lane: LaneID) {
        lanes.append(lane)
    }

    mutating func popFirst() -> LaneID? {
        guard head < lanes.count else { return nil }
        defer {
            head += 1
            if head > 256, head * 2 > lanes.count {
                lanes.removeFirst(head)
                head = 0
            }
        }
        return lanes[head]
    }
}

/// The lanes of a mailbox that have something to start, in three queues that alternate.
///
/// What is urgent gets every second turn, and lanes with fresh mail and lanes with a backlog share the others. So none
/// starves for another.
struct TurnQueues {
    /// What a lane is queued for.
    enum Kind: Int {
        /// Something urgent.
        case urgent
        /// Nothing of it lies in the spool alone.
        case fresh
        /// The rest of it lies in the spool.
        case backlog
    }

    private static let pattern: [Kind] = [.urgent, .fresh, .urgent, .backlog]

    private var queues = [TurnQueue(), TurnQueue(), TurnQueue()]
    private var turn = 0

    var count: Int { queues.reduce(0) { $0 + $1.count } }

    mutating func append(_ lane: LaneID, _ kind: Kind) {
        queues[kind.rawValue].append(lane)
    }

    /// Takes out the next lane, of another queue when there is none in the one whose turn it is.
    mutating func popFirst() -> LaneID? {
        for _ in Self.pattern {
            let kind = Self.pattern[turn]
            turn = (turn + 1) % Self.pattern.count
            if let lane = queues[kind.rawValue].popFirst() { return lane }
        }
        return nil
    }
}
