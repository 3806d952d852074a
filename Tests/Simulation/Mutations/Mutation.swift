import AdapterKit
import Engine
import Messages
import Spooling

/// A way to break the router on purpose: the simulator must find each of them.
package enum Mutation: String, Sendable, CaseIterable {
    /// An arrival is acknowledged before it is on the disk.
    case acknowledgesEarly
    /// An arrival for which there is no room is acknowledged all the same.
    case acknowledgesWhenFull
    /// The disk says that it has synchronized, and has not.
    case forgetsToSynchronize
    /// A full disk is told as a broken one.
    case hidesFullDisk
    /// Some receipts are not written.
    case dropsSettlements
    /// Some dispatches that were deferred are recorded as delivered.
    case settlesDeferredAsDelivered
    /// Lanes are read with gaps, so that a thread overtakes its first message.
    case loadsWithGaps
    /// What is to be tried is announced in the wrong order.
    case announcesBackwards
    /// Some new dispatches are not announced.
    case forgetsToAnnounce
    /// Repeated events are taken anew.
    case forgetsDedupe
    /// Attempts are not recorded before they are made.
    case forgetsToBegin
    /// What a person holds or has dropped is tried.
    case ignoresOperators
    /// Idempotency keys change with each attempt.
    case changesIdempotencyKey
    /// A message goes out twice.
    case deliversTwice
    /// Bounces bounce.
    case bouncesBounces
    /// Senders are not told of failures.
    case forgetsBounces
    /// What is not due yet is tried.
    case ignoresDueTimes
    /// A platform's wish for a pause is forgotten.
    case ignoresRetryAfter
    /// What has expired is tried.
    case ignoresExpiry
    /// Messages go round in circles.
    case forgetsHops
    /// Sweeps remove what nobody has settled.
    case sweepsUnsettled
    /// An adapter's error shows the body, which is then logged.
    case showsBodies
    /// An adapter's error shows a token.
    case showsSecrets
    /// Whole backlogs are read into memory.
    case keepsBacklogs
    /// Lanes go as fast as they can.
    case ignoresLaneRates
    /// More goes at once than a platform bears.
    case ignoresConcurrency
    /// Urgent messages wait behind all others.
    case forgetsPriorities
    /// A lane that could not be read is taken for empty.
    case forgetsUnreadLanes
    /// A lease that has run out is taken for good.
    case honoursOldLeases
    /// Some of what programs have done is not written.
    case forgetsWork
    /// Files are kept after their messages were acknowledged.
    case storesBlobsLate
    /// What platforms call our messages is forgotten.
    case forgetsRemoteIDs
    /// Our own messages are taken for those of others.
    case forgetsOwnMessages
    /// Chains go on for ever.
    case forgetsDepth
    /// Senders are told twice of a failure.
    case bouncesTwice
    /// What a platform may have is sent again, though it cannot tell.
    case retriesUnknown
    /// A start does not know what the last run was about to send.
    case forgetsInterrupted
    /// With a mailbox its messages are dropped.
    case dropsWithMailbox
    /// What is held for a time goes at once.
    case ignoresHoldTimes
    /// What was sent elsewhere goes to its old address as well.
    case reroutesToBoth
    /// Nobody can say who did what.
    case actsUnderNoName
    /// What an operator tries out is done.
    case takesTriesForReal

    /// The spool with the fault.
    func spool(over spool: any MessageSpool, seed: UInt64) -> any MessageSpool {
        MutatedSpool(spool, self, seed: seed)
    }

    /// The bounds with the fault.
    func limits(instead limits: MailboxLimits) -> MailboxLimits {
        var limits = limits
        switch self {
        case .ignoresLaneRates: limits.laneRate = nil
        case .ignoresConcurrency: (limits.concurrency, limits.laneParallelism) = (64, 4)
        case .retriesUnknown: limits.retry.holdsUnknown = false
        default: break
        }
        return limits
    }

    /// The adapter with the fault.
    func adapter(over adapter: any Adapter) -> any Adapter {
        switch self {
        case .changesIdempotencyKey, .deliversTwice, .showsBodies, .showsSecrets: MutatedAdapter(adapter, self)
        default: adapter
        }
    }
}
