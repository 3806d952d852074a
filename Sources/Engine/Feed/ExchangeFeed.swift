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
    func tell(_ fact: ExchangeEvent.Fact, of subject: ExchangeEvent.Subject, at time: Timestamp) {
        let cutOff = state.withLock { state -> [AsyncStream<ExchangeEvent>.Continuation] in
            state.last += 1
            let event = ExchangeEvent(number: state.last, time: time, subject: subject, fact: fact)
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

    /// What a watcher is given.
    public struct Watch: Sendable {
        /// The events, which end when the watcher does not keep up or the router stops.
        public let events: AsyncStream<ExchangeEvent>
        /// How many events since the one asked for are no longer remembered.
        public let missed: Int64
        /// The last event before the first of ``events``.
        public let last: Int64
    }

    /// Watches from now on, or from behind an event as far as it is remembered.
    ///
    /// - Parameter number: The last event that was seen; nil for one who wants to hear of new ones only.
    /// - Returns: What there is to watch; nil when there are too many watchers.
    public func watch(after number: Int64? = nil) -> Watch? {
        let (events, continuation) = AsyncStream.makeStream(
            of: ExchangeEvent.self, bufferingPolicy: .bufferingOldest(Self.memory))
        let begun = state.withLock { state -> (key: Int, missed: Int64, last: Int64)? in
            guard state.watchers.count < Self.maximumWatchers else { return nil }
            state.lastWatcher += 1
            state.watchers[state.lastWatcher] = continuation
            guard let number else { return (state.lastWatcher, 0, state.last) }
            // Who names an event that has not been yet has seen it in another run.
            let seen = number > state.last ? 0 : max(0, number)
            let known = state.last - Int64(state.recent.count)
            for event in state.recent.filter({ $0.number > seen }).sorted(by: { $0.number < $1.number }) {
                continuation.yield(event)
            }
            return (state.lastWatcher, max(0, known - seen), max(seen, known))
        }
        guard let begun else { return nil }
        continuation.onTermination = { [weak self] _ in self?.remove(begun.key) }
        return Watch(events: events, missed: begun.missed, last: begun.last)
    }

    /// How many watch.
    public var watcherCount: Int { state.withLock { $0.watchers.count } }

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
