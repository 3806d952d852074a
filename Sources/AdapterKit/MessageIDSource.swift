public import Clocks
public import Messages
import Synchronization

/// Makes message ids from a clock and a source of randomness; ids made one after the other sort in that order.
public final class MessageIDSource: Sendable {
    private struct State {
        var random: any RandomNumberGenerator & Sendable
        var last: MessageID?
    }

    private let clock: any WallClock
    private let state: Mutex<State>

    /// Creates a source.
    public init(clock: any WallClock, random: any RandomNumberGenerator & Sendable) {
        self.clock = clock
        self.state = Mutex(State(random: random))
    }

    /// A new id, greater than the one before (RFC 9562 §6.2: the clock may stand still or go back).
    public func next() -> MessageID {
        let time = clock.now
        return state.withLock { state in
            let id = MessageID(time: time, using: &state.random)
            guard let last = state.last, id <= last else {
                state.last = id
                return id
            }
            let following = last.following
            state.last = following
            return following
        }
    }

    /// A duration from half to one and a half of this one, so that those who are told to come back do not come together.
    public func spread(_ duration: Duration) -> Duration {
        let share = state.withLock { Int64.random(in: 500...1_500, using: &$0.random) }
        return .milliseconds(duration.milliseconds * share / 1_000)
    }
}

extension MessageID {
    /// The next id up: the random bits count on, and carry into the time when they run over.
    fileprivate var following: MessageID {
        if low & 0x3FFF_FFFF_FFFF_FFFF < 0x3FFF_FFFF_FFFF_FFFF { return MessageID(high: high, low: low + 1) }
        let random = high & 0x0FFF
        let next = random < 0x0FFF ? high + 1 : ((high >> 16 + 1) << 16 | 0x7000)
        return MessageID(high: next, low: 0x8000_0000_0000_0000)
    }
}
