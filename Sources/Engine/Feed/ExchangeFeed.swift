public import Messages
import Synchronization

/// Tells watchers what happens to messages, once it is committed, and remembers the last of it for those who come back.
///
/// Nobody waits for a watcher: one that does not keep up is cut off, and asks for what it missed.
public final class ExchangeFeed: Sendable {
    /// The most watchers.
    public static let maximumWatchers = 32
    /// How many events are remembered, and how many may wait for one watcher.
    public static let memory = 1_024

    private struct State {
        var last: Int64 = 0
        /// A ring: the event of number n stands at n modulo ``ExchangeFeed/memory``.
        var recent: [ExchangeEvent] = []
        var watchers: [Int: AsyncStream<ExchangeEvent>.Continuation] = [:]
        var lastWatcher = 0
    }

    /// When the run began whose events these are.
    public let started: Timestamp
    private let state = Mutex(State())

    init(started: Timestamp) {
        self.started = started
    }

    /// Tells all watchers of a fact.
    func tell(_ fact: ExchangeEvent.Fact, of message: MessageID, at time: Timestamp) {
        let cutOff = state.withLock { state -> [AsyncStream<ExchangeEvent>.Continuation] in
            state.last += 1
            let event = ExchangeEvent(number: state.last, time: time, message: message, fact: fact)
            if state.recent.count < Self.memory {
                state.recent.append(event)
            } else {
                state.recent[Int((state.last - 1) % Int64(Self.memory))] = event
            }
            var cutOff: [AsyncStream<ExchangeEvent>.Continuation] = []
            for (number, watcher) in state.watchers {
                if case .enqueued = watcher.yield(event) { continue }
                state.watchers[number] = nil
                cutOff.append(watcher)
            }
            return cutOff
        }
        for watcher in cutOff { watcher.finish() }
    }

    /// Watches from now on, or from behind an event as far as it is remembered.
    ///
    /// - Parameter number: The last event that was seen; nil for one who wants to hear of new ones only.
    /// - Returns: The events, which end when the watcher does not keep up or the router stops; nil when there are too many
    ///   watchers.
    public func watch(after number: Int64? = nil) -> AsyncStream<ExchangeEvent>? {
        let (events, continuation) = AsyncStream.makeStream(
            of: ExchangeEvent.self, bufferingPolicy: .bufferingOldest(Self.memory))
        let key = state.withLock { state -> Int? in
            guard state.watchers.count < Self.maximumWatchers else { return nil }
            if let number {
                for event in state.recent.filter({ $0.number > number }).sorted(by: { $0.number < $1.number }) {
                    continuation.yield(event)
                }
            }
            state.lastWatcher += 1
            state.watchers[state.lastWatcher] = continuation
            return state.lastWatcher
        }
        guard let key else { return nil }
        continuation.onTermination = { [weak self] _ in self?.remove(key) }
        return events
    }

    private func remove(_ key: Int) {
        state.withLock { state -> AsyncStream<ExchangeEvent>.Continuation? in
            let watcher = state.watchers[key]
            state.watchers[key] = nil
            return watcher
        }?.finish()
    }

    /// Ends all watchers.
    func close() {
        let watchers = state.withLock { state in
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }
}
