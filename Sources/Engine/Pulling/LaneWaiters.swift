import Messages
import Synchronization

/// The programs that wait for messages of a lane: each is told once that there may be something for it.
final class LaneWaiters: Sendable {
    /// The most that wait at once for the lanes of one mailbox.
    static let maximumPerMailbox = 1_000

    private struct State {
        /// In the order they came in.
        var waiting: [Address: [Int]] = [:]
        var counts: [String: Int] = [:]
        var continuations: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Those that were told before they fell asleep.
        var told: Set<Int> = []
        var last = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Gets in line, so that from now on nothing that comes is missed; `nil` when too many wait.
    func enter(_ lane: Address) -> Int? {
        state.withLock { state in
            guard state.counts[lane.platform, default: 0] < Self.maximumPerMailbox else { return nil }
            state.last += 1
            state.counts[lane.platform, default: 0] += 1
            state.waiting[lane, default: []].append(state.last)
            if state.isClosed { state.told.insert(state.last) }
            return state.last
        }
    }

    /// Leaves the line; a word that came meanwhile goes to the next.
    func leave(_ ticket: Int, _ lane: Address) {
        let continuation = state.withLock { state in
            state.counts[lane.platform, default: 1] -= 1
            if state.counts[lane.platform] == 0 { state.counts[lane.platform] = nil }
            state.waiting[lane]?.removeAll { $0 == ticket }
            if state.waiting[lane]?.isEmpty == true { state.waiting[lane] = nil }
            guard state.told.remove(ticket) != nil, let next = state.waiting[lane]?.first else {
                return CheckedContinuation<Void, Never>?.none
            }
            return Self.tell(next, &state)
        }
        continuation?.resume()
    }

    /// Sleeps until the ticket is told something; the next sleep needs another word.
    func sleep(_ ticket: Int) async {
        await withCheckedContinuation { continuation in
            let isTold = state.withLock { state in
                if state.isClosed || state.told.remove(ticket) != nil { return true }
                state.continuations[ticket] = continuation
                return false
            }
            if isTold { continuation.resume() }
        }
    }

    /// Wakes one ticket: its time is over.
    func wake(_ ticket: Int) {
        let continuation = state.withLock { Self.tell(ticket, &$0) }
        continuation?.resume()
    }

    /// Tells the first in line of these lanes that there is something.
    func tell(_ lanes: some Sequence<Address>, except own: Int? = nil) {
        let continuations = state.withLock { state in
            lanes.compactMap { lane in
                // Whoever has been told goes to the end, so that the next word is for the next.
                guard let line = state.waiting[lane], let index = line.firstIndex(where: { $0 != own }) else {
                    return CheckedContinuation<Void, Never>?.none
                }
                state.waiting[lane]?.remove(at: index)
                state.waiting[lane]?.append(line[index])
                return Self.tell(line[index], &state)
            }
        }
        for continuation in continuations { continuation.resume() }
    }

    /// How many sleep.
    var sleepers: Int { state.withLock { $0.continuations.count } }

    /// Lets everybody go, now and later.
    func close() {
        let continuations = state.withLock { state in
            state.isClosed = true
            defer { state.continuations = [:] }
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.resume() }
    }

    private static func tell(_ ticket: Int, _ state: inout State) -> CheckedContinuation<Void, Never>? {
        if let continuation = state.continuations.removeValue(forKey: ticket) { return continuation }
        state.told.insert(ticket)
        return nil
    }
}
