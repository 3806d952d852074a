import AdapterKit
import Clocks
import Messages
import Synchronization

/// Bounds what is in memory between a sender and a lane: messages that wait for the disk, and messages that are on the
/// disk and not yet in their lanes.
///
/// When too much is under way a sender waits a moment, and with it the connection that it came by, which is read no
/// further: the kernel's buffers fill and the far side slows down. Who has waited too long, and who comes when too many
/// wait, is told to come back after a time that differs for each, so that they do not come back together.
final class AcceptGate: Sendable {
    /// How much may be under way.
    struct Bounds: Sendable {
        /// Messages that wait for the disk.
        var messages = 4_096
        /// Their bytes; large parts lie in the blob store and do not count.
        var bytes = 64 << 20
        /// Messages on the disk that their lanes have not heard of.
        var unread: Int64 = 8_192
        /// Senders that wait for a place.
        var waiting = 2_048
        /// How long a sender waits for a place.
        var patience = Duration.seconds(2)
    }

    /// What a message takes up.
    struct Load: Sendable {
        var messages: Int
        var bytes: Int
    }

    private struct Waiter {
        let number: Int
        let load: Load
        /// By the clock that is never set.
        let since: Duration
        let continuation: CheckedContinuation<Verdict, Never>
    }

    private enum Verdict {
        case admitted
        case refused(retryAfter: Duration)
        case cancelled
    }

    private struct State {
        var messages = 0
        var bytes = 0
        /// The last message of which dispatches were committed, and the last that the lanes have heard of.
        var lastCommitted: Int64 = 0
        var lastRead: Int64 = 0
        /// In the order they came in; never many, and most of the time none.
        var waiters: [Waiter] = []
        var nextNumber = 0
        var isWatched = false
        var random: any RandomNumberGenerator & Sendable
    }

    let bounds: Bounds
    private let clock: any WallClock
    private let state: Mutex<State>

    init(_ bounds: Bounds = Bounds(), clock: any WallClock, random: any RandomNumberGenerator & Sendable) {
        self.bounds = bounds
        self.clock = clock
        state = Mutex(State(random: random))
    }

    /// Takes a place, which ``leave(_:)`` gives back, and waits for one if need be.
    ///
    /// - Throws: `AcceptError.busy` when there is none in time, or the task is cancelled.
    func enter(_ load: Load) async throws(AcceptError) {
        let number = state.withLock { state -> Int? in
            if state.waiters.isEmpty, hasRoom(for: load, state) {
                take(load, &state)
                return nil
            }
            state.nextNumber += 1
            return state.nextNumber
        }
        guard let number else { return }
        let verdict = await withTaskCancellationHandler {
            await withCheckedContinuation {
                wait(Waiter(number: number, load: load, since: clock.uptime, continuation: $0))
            }
        } onCancel: {
            cancel(number)
        }
        switch verdict {
        case .admitted: return
        case .refused(let retryAfter): throw .busy(retryAfter: retryAfter)
        case .cancelled: throw .busy(retryAfter: .seconds(1))
        }
    }

    /// Gives a place back; what was committed has a sequence number, if it has dispatches that wait.
    func leave(_ load: Load, committed sequence: Int64? = nil) {
        change { state in
            state.messages -= load.messages
            state.bytes -= load.bytes
            guard let sequence else { return }
            // The first message is what the lanes' reading is measured from.
            if state.lastRead == 0 { state.lastRead = sequence - 1 }
            state.lastCommitted = max(state.lastCommitted, sequence)
        }
    }

    /// The lanes have heard of all messages up to this one.
    func read(upTo sequence: Int64) {
        change { $0.lastRead = max($0.lastRead, sequence) }
    }

    /// How much is under way, for metrics.
    var underWay: (messages: Int, waiting: Int, unread: Int64) {
        state.withLock { ($0.messages, $0.waiters.count, Self.unread($0)) }
    }

    // MARK: Places

    private static func unread(_ state: State) -> Int64 {
        max(0, state.lastCommitted - state.lastRead)
    }

    /// What is alone gets in, however large: it was within the limit of a message.
    private func hasRoom(for load: Load, _ state: State) -> Bool {
        guard Self.unread(state) < bounds.unread else { return false }
        return state.messages == 0
            || (state.messages + load.messages <= bounds.messages && state.bytes + load.bytes <= bounds.bytes)
    }

    private func take(_ load: Load, _ state: inout State) {
        state.messages += load.messages
        state.bytes += load.bytes
    }

    /// Changes the count and lets those in for whom there is room now, in their order.
    private func change(_ body: (inout State) -> Void) {
        let admitted = state.withLock { state -> ArraySlice<Waiter> in
            body(&state)
            guard !state.waiters.isEmpty else { return [] }
            let count = state.waiters.prefix { waiter in
                guard hasRoom(for: waiter.load, state) else { return false }
                take(waiter.load, &state)
                return true
            }.count
            defer { state.waiters.removeFirst(count) }
            return state.waiters.prefix(count)
        }
        for waiter in admitted { waiter.continuation.resume(returning: .admitted) }
    }

    // MARK: Waiting

    private func wait(_ waiter: Waiter) {
        let (verdict, mustWatch) = state.withLock { state -> (Verdict?, Bool) in
            if Task.isCancelled { return (.cancelled, false) }
            if state.waiters.isEmpty, hasRoom(for: waiter.load, state) {
                take(waiter.load, &state)
                return (.admitted, false)
            }
            guard state.waiters.count < bounds.waiting else { return (refusal(&state), false) }
            state.waiters.append(waiter)
            defer { state.isWatched = true }
            return (nil, !state.isWatched)
        }
        if let verdict { waiter.continuation.resume(returning: verdict) }
        if mustWatch { Task { await watch() } }
    }

    private func refusal(_ state: inout State) -> Verdict {
        .refused(retryAfter: .milliseconds(Int64.random(in: 1_000...5_000, using: &state.random)))
    }

    private func cancel(_ number: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: .cancelled)
    }

    /// Sends those away who have waited too long, for as long as anybody waits.
    private func watch() async {
        while state.withLock({ state in
            state.isWatched = !state.waiters.isEmpty
            return state.isWatched
        }) {
            // Nobody cancels this task; a clock that cannot wait ends the waiting of all.
            let isOver = (try? await clock.sleep(for: bounds.patience / 8)) == nil
            let latest = isOver ? Duration.seconds(Int64.max) : clock.uptime - bounds.patience
            let late = state.withLock { state -> [(Waiter, Verdict)] in
                let count = state.waiters.prefix { $0.since <= latest }.count
                defer { state.waiters.removeFirst(count) }
                return state.waiters.prefix(count).map { ($0, refusal(&state)) }
            }
            for (waiter, verdict) in late { waiter.continuation.resume(returning: verdict) }
        }
    }
}
