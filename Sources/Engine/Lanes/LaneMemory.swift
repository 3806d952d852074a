/// How much of the lanes is held in memory; whatever else waits lies in the spool alone (I7).
public struct LaneMemoryLimits: Sendable, Hashable {
    /// The most dispatches in a lane's window while many lanes are busy.
    public let window: Int
    /// With so many dispatches in all windows together no more are taken in from commits.
    public let total: Int

    /// Of those, how many all loads together may fill; the rest is for what comes in.
    var loaded: Int { total / 4 * 3 }

    /// The most dispatches that a window ever holds: while few lanes are busy theirs are larger, and what is urgent may
    /// come in while a load is under way.
    public var largestWindow: Int { 2 * max(window, total / 4) }

    /// The most dispatches that all windows ever hold: every mailbox may read its share from the spool, however full the
    /// windows of others are that cannot go.
    public var mostHeld: Int { 2 * total }

    /// 64 dispatches of a lane, 4,096 in all.
    public static let standard = LaneMemoryLimits(window: 64, total: 4_096)

    /// Creates limits; a window has at least one place, and there are at least four for each window.
    public init(window: Int, total: Int) {
        self.window = max(1, window)
        self.total = max(4 * self.window, total)
    }
}

/// What the lanes hold in memory at one moment.
public struct LaneMemory: Sendable, Hashable {
    /// The dispatches in all windows, as the scheduler counts them.
    public let counted: Int
    /// The dispatches that are there.
    public let held: Int
    /// Those of the fullest window.
    public let largest: Int
    /// What bounds them.
    public let limits: LaneMemoryLimits
}

extension Exchange {
    /// What its lanes hold in memory now; looks at every lane that has something to do.
    public var laneMemory: LaneMemory {
        let sizes = scheduler.entries.values.compactMap { $0.lane?.window.count }
        return LaneMemory(
            counted: scheduler.inMemory, held: sizes.reduce(0, +), largest: sizes.max() ?? 0, limits: scheduler.limits)
    }
}
