import AdapterKit
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

    /// The spool with the fault.
    func spool(over spool: any MessageSpool, seed: UInt64) -> any MessageSpool {
        MutatedSpool(spool, self, seed: seed)
    }

    /// The adapter with the fault.
    func adapter(over adapter: any Adapter) -> any Adapter {
        switch self {
        case .changesIdempotencyKey, .deliversTwice, .showsBodies: MutatedAdapter(adapter, self)
        default: adapter
        }
    }
}
