import Messages
import Spooling

/// What is known of a lane that has something to do or to remember, in a few bytes.
///
/// So 100,000 lanes whose dispatches lie in the spool cost little. What a lane has in memory is its ``Lane``, which most
/// have not.
struct LaneEntry {
    /// What a lane is in the middle of.
    struct Flags: OptionSet {
        let rawValue: UInt8

        /// Dispatches of this lane lie in the spool alone: beyond the window, not due, or held.
        static let hasStored = Flags(rawValue: 1)
        /// A look into the spool may find something that can go now.
        static let needsLoad = Flags(rawValue: 2)
        /// The spool is being read; what is committed meanwhile is not taken into the window.
        static let isLoading = Flags(rawValue: 4)
        /// What is being read has changed meanwhile in a way that its order depends on (I3).
        static let isStale = Flags(rawValue: 8)
        /// It waits for its turn to start an attempt.
        static let isQueued = Flags(rawValue: 16)
        /// It waits for its turn to be read.
        static let isLoadQueued = Flags(rawValue: 32)
        /// Something urgent waits in it, or in its part of the spool.
        static let isUrgent = Flags(rawValue: 64)
    }

    /// Which mailbox it belongs to.
    let mailbox: Int32
    var flags: Flags = []
    /// When something in the spool becomes due.
    var nextDue: Timestamp?
    /// When it is looked at although nothing happened; earlier entries of the ``WakeQueue`` are void.
    var wake: Timestamp?
    /// What it has in memory.
    var lane: Lane?

    init(mailbox: Int32) {
        self.mailbox = mailbox
    }

    /// Whether nothing is left to remember.
    var isIdle: Bool {
        lane == nil && flags.isDisjoint(with: [.hasStored, .needsLoad, .isLoading, .isQueued, .isLoadQueued])
    }
}
