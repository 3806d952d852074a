import Messages
import Spooling
import Synchronization

/// The mailboxes whose messages programs take themselves, and who waits for them.
///
/// Their lanes are not the scheduler's: nothing of them is in memory but the programs that wait.
final class PulledMailboxes: Sendable {
    let waiters = LaneWaiters()
    private let limits = Mutex<[String: MailboxLimits]>([:])
    private let paused = Mutex<Set<String>>([])
    /// The messages of leases that were handed out, to tell watchers what became of them.
    private let messages = Mutex<[Int64: MessageID]>([:])

    /// How many leases' messages are remembered; of those beyond, and of an earlier run's, watchers hear nothing.
    private static let maximumRemembered = 65_536

    /// Makes a mailbox a pulled one, or no longer; returns whether that is a change.
    func set(_ name: String, _ limits: MailboxLimits?) -> Bool {
        self.limits.withLock { mailboxes in
            let old = mailboxes.updateValue(limits ?? MailboxLimits(), forKey: name)
            if limits == nil { mailboxes[name] = nil }
            return (old == nil) != (limits == nil)
        }
    }

    /// Stops or goes on with a mailbox.
    func setPaused(_ isPaused: Bool, mailbox: String) {
        paused.withLock { paused in
            if isPaused { paused.insert(mailbox) } else { paused.remove(mailbox) }
        }
    }

    /// What bounds a mailbox; `nil` when it is no pulled one.
    subscript(name: String) -> MailboxLimits? { limits.withLock { $0[name] } }

    /// Tells whether an operator has paused the mailbox.
    func isPaused(_ name: String) -> Bool { paused.withLock { $0.contains(name) } }

    /// The names, sorted.
    var names: [String] { limits.withLock { $0.keys.sorted() } }

    /// Tells programs of new dispatches, and returns those that are not for programs.
    func offer(_ batch: [SpooledDispatch]) -> [SpooledDispatch] {
        let names = limits.withLock { Set($0.keys) }
        guard !names.isEmpty else { return batch }
        var lanes: Set<Address> = []
        let rest = batch.filter { dispatch in
            guard names.contains(dispatch.recipient.platform) else { return true }
            lanes.insert(dispatch.recipient)
            return false
        }
        if !lanes.isEmpty { waiters.tell(lanes) }
        return rest
    }

    /// Remembers whose messages these leases are.
    func remember(_ dispatches: [LeasedDispatch]) {
        guard !dispatches.isEmpty else { return }
        messages.withLock { messages in
            if messages.count >= Self.maximumRemembered { messages = [:] }
            for dispatch in dispatches { messages[dispatch.lease.number] = dispatch.message }
        }
    }

    /// The messages of leases that have ended, as far as they are remembered.
    func messages(of leases: [Lease]) -> [(lease: Lease, message: MessageID)] {
        messages.withLock { messages in
            leases.compactMap { lease in messages.removeValue(forKey: lease.number).map { (lease, $0) } }
        }
    }
}
