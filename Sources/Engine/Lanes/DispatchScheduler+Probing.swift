import Messages
import Spooling

extension DispatchScheduler {
    /// A person wants a dispatch of this lane tried now: breakers that are open let their probe go.
    ///
    /// The pause that a platform asked for is kept.
    mutating func probe(_ id: LaneID, of recipient: Address, at now: Timestamp) {
        mailbox(recipient.platform).breaker.probe(at: now)
        var entry = entry(of: id, recipient)
        lane(&entry, recipient).breaker.probe(at: now)
        keep(id, entry)
    }
}
