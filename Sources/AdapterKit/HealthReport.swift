public import Clocks
public import Messages
import Synchronization

/// How a mailbox is, as it says itself; `postroad mailboxes` shows it.
public final class HealthReport: Sendable {
    /// How a mailbox is.
    public enum State: Sendable, Hashable {
        /// It has not said anything yet.
        case starting
        /// It works; with a word on what it is connected as.
        case working(detail: String?)
        /// Some of it fails, for this reason.
        case degraded(reason: String)
        /// It does not work, for this reason.
        case failing(reason: String)
    }

    private let clock: any WallClock
    private let current: Mutex<(state: State, since: Timestamp)>

    /// Creates a report of a mailbox that starts.
    public init(clock: any WallClock) {
        self.clock = clock
        self.current = Mutex((.starting, clock.now))
    }

    /// How it is, and since when.
    public var status: (state: State, since: Timestamp) {
        current.withLock { $0 }
    }

    /// Says how the mailbox is; returns whether that is news.
    @discardableResult
    public func report(_ state: State) -> Bool {
        let now = clock.now
        return current.withLock { current in
            guard current.state != state else { return false }
            current = (state, now)
            return true
        }
    }
}
