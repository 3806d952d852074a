public import AdapterKit
import Clocks
import Logging
public import Messages
import Spooling
import Synchronization

extension Exchange: DispatchLender {
    /// Leases the next dispatches of a lane; see ``DispatchLender/lease(from:_:waiting:)``.
    public nonisolated func lease(
        from recipient: Address, _ terms: LeaseTerms, waiting wait: Duration
    ) async throws(LeaseError) -> [LeasedDispatch] {
        // By the clock that is never set.
        let end = clock.uptime + wait
        guard let ticket = pulled.waiters.enter(recipient) else {
            throw .tooManyWaiting(limit: LaneWaiters.maximumPerMailbox)
        }
        defer { pulled.waiters.leave(ticket, recipient) }
        while true {
            guard !Task.isCancelled else {
                // The word that woke this one is for the next.
                pulled.waiters.tell([recipient], except: ticket)
                return []
            }
            let limits = try pulledLimits(of: recipient)
            let now = clock.now
            var nextLook = end
            if !pulled.isPaused(recipient.platform) {
                let found = try await look(into: recipient, terms, limits, at: now)
                if found.mayHaveMore { pulled.waiters.tell([recipient], except: ticket) }
                if !found.dispatches.isEmpty {
                    guard Task.isCancelled else { return found.dispatches }
                    // Nobody would know of these leases before they run out.
                    let leases = found.dispatches.map(\.lease)
                    let reason = "the program was gone before it had the message"
                    _ = try await settle(leases, of: recipient, as: .returned(reason: reason, due: now))
                    return []
                }
                if found.mayHaveMore { continue }
                if let due = found.nextDue { nextLook = min(end, clock.uptime + (due - now)) }
            }
            let rest = nextLook - clock.uptime
            guard clock.uptime < end else { return [] }
            await sleep(ticket, for: rest)
        }
    }

    /// Ends or prolongs leases; see ``DispatchLender/settle(_:of:as:)``.
    public nonisolated func settle(
        _ leases: [Lease], of recipient: Address, as ending: LeaseEnding
    ) async throws(LeaseError) -> [Bool] {
        _ = try pulledLimits(of: recipient)
        let now = clock.now
        let held: [Bool]
        do {
            held = try await spool.settle(leases, lane: recipient, as: ending, at: now)
        } catch {
            throw LeaseError(error)
        }
        if case .returned(_, let due) = ending, due <= now { pulled.waiters.tell([recipient]) }
        tell(of: zip(leases, held).compactMap { $1 ? $0 : nil }, of: recipient, as: ending, at: now)
        return held
    }

    private nonisolated func pulledLimits(of recipient: Address) throws(LeaseError) -> MailboxLimits {
        if gate.withLock({ $0.isStopping }) { throw .unavailable(reason: "the router is stopping") }
        guard recipient.peers.isEmpty, let limits = pulled[recipient.platform] else {
            throw .noMailbox(name: recipient.platform)
        }
        return limits
    }

    /// One look into the spool; what has expired meanwhile is ended instead of handed out.
    private nonisolated func look(
        into recipient: Address, _ terms: LeaseTerms, _ limits: MailboxLimits, at now: Timestamp
    ) async throws(LeaseError) -> LaneLease {
        var found: LaneLease
        do {
            found = try await spool.lease(lane: recipient, terms, patience: limits.expires, at: now)
        } catch {
            throw LeaseError(error)
        }
        for dispatch in found.expired {
            guard let envelope = try? Envelope(parsing: dispatch.envelope) else {
                logger.error(
                    "expired message cannot be read", ["message": dispatch.message, "dispatch": dispatch.lease.number])
                // It stays where it is, so another look finds no more.
                found.mayHaveMore = false
                continue
            }
            let late = SpooledDispatch(
                number: dispatch.lease.number, envelope: envelope, recipient: recipient, lane: .none, due: now,
                accepted: dispatch.accepted, attempts: dispatch.lease.attempt - 1)
            // What cannot be recorded now stays where it is, too.
            if !(await giveUp([late], at: now)).isEmpty { found.mayHaveMore = false }
        }
        pulled.remember(found.dispatches)
        return found
    }

    private nonisolated func sleep(_ ticket: Int, for duration: Duration) async {
        let alarm = Task {
            guard (try? await clock.sleep(for: duration)) != nil else { return }
            pulled.waiters.wake(ticket)
        }
        await withTaskCancellationHandler {
            await pulled.waiters.sleep(ticket)
        } onCancel: {
            pulled.waiters.wake(ticket)
        }
        alarm.cancel()
    }

    private nonisolated func tell(
        of leases: [Lease], of recipient: Address, as ending: LeaseEnding, at time: Timestamp
    ) {
        if case .extended = ending { return }
        for (lease, message) in pulled.messages(of: leases) {
            let target = ExchangeEvent.Target(
                dispatch: lease.number, recipient: recipient, attempt: lease.attempt)
            let fact: ExchangeEvent.Fact =
                if case .returned(let reason, let due) = ending {
                    .deferred(target, reason: reason, due: due)
                } else {
                    .delivered(target, detail: nil)
                }
            if case .delivered = fact { metrics.attempts.member(recipient.platform, "delivered").add() }
            feed.tell(fact, of: ExchangeEvent.Subject(message), at: time)
        }
    }
}

extension LeaseError {
    init(_ error: SpoolError) {
        switch error {
        case .closed: self = .unavailable(reason: "the router is stopping")
        default: self = .unavailable(reason: "the router cannot read or record messages")
        }
    }
}
