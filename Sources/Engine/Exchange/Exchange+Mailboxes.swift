public import AdapterKit
import Clocks
import Logging
import Messages
import Spooling
import Synchronization

extension Exchange {
    /// The scope of the exchange's own states in the spool; no mailbox can be called that.
    static let stateScope = "*exchange"

    /// Lets dispatches go out by this mailbox, in place of an earlier one of that name.
    public func install(_ name: String, adapter: any Adapter, limits: MailboxLimits) {
        mailboxes[name] = InstalledMailbox(adapter: adapter, limits: limits)
        let isPulled = type(of: adapter).manifest.abilities.isPulled
        lifetimes.withLock { $0[name] = limits.expires }
        scheduler.install(name, limits: limits)
        if pulled.set(name, isPulled ? limits : nil), !isPulled { takeUpLanes(of: name) }
        pump()
    }

    /// Lets no more dispatches go out by this mailbox; they are deferred until it comes back or they expire.
    public func uninstall(_ name: String) {
        mailboxes[name] = nil
        if pulled.set(name, nil) { takeUpLanes(of: name) }
    }

    /// What programs have left in the lanes of a mailbox is delivered from now on.
    private func takeUpLanes(of mailbox: String) {
        Task {
            do {
                var after = LaneID.none
                while true {
                    let page = try await spool.lanes(after: after, limit: 1_000)
                    for lane in page where lane.recipient.platform == mailbox {
                        scheduler.changed(lane.id, of: lane.recipient)
                    }
                    pump()
                    guard page.count == 1_000, let last = page.last?.id else { return }
                    after = last
                }
            } catch {
                logger.error("lanes cannot be read", ["mailbox": mailbox, "error": "\(error)"])
            }
        }
    }

    /// Holds up all dispatches of a mailbox, or lets them go on; remembered over restarts.
    ///
    /// - Throws: ``ExchangeError``
    public func setPaused(_ isPaused: Bool, mailbox: String) async throws(ExchangeError) {
        try checkKnown(mailbox)
        try await store("paused/\(mailbox)", isPaused ? Array("paused".utf8) : nil)
        scheduler.setPaused(isPaused, mailbox: mailbox)
        pulled.setPaused(isPaused, mailbox: mailbox)
        logger.info(isPaused ? "mailbox paused" : "mailbox goes on", ["mailbox": mailbox])
        pump()
    }

    /// Closes the breakers of a mailbox and its lanes, and has the adapter forget what it has disabled.
    ///
    /// - Throws: ``ExchangeError``
    public func reset(mailbox: String) async throws(ExchangeError) {
        try checkKnown(mailbox)
        try await store("breaker/\(mailbox)", nil)
        if let adapter = mailboxes[mailbox]?.adapter as? any Resettable {
            do {
                try await adapter.reset()
            } catch {
                throw .spool("\(mailbox) cannot be reset: \(error)")
            }
        }
        scheduler.reset(mailbox)
        logger.info("mailbox reset", ["mailbox": mailbox])
        pump()
    }

    /// How the outgoing halves of the mailboxes are, by name.
    public func mailboxStatus() -> [String: OutgoingStatus] {
        mailboxes.keys.reduce(into: [:]) { result, name in
            result[name] = scheduler.status(of: name, at: clock.now)
        }
    }

    /// Keeps an open breaker over restarts: after one the platform is probed, not flooded.
    func persistBreaker(of mailbox: String) {
        let until = scheduler.mailboxes[mailbox]?.breaker.nextProbe
        Task {
            do {
                let value = until.map { JSON.object(["until": .string($0.description)]).encoded() }
                try await store("breaker/\(mailbox)", value)
            } catch {
                logger.warning("breaker cannot be remembered", ["mailbox": mailbox, "error": "\(error)"])
            }
        }
    }

    /// Takes up what earlier runs have remembered of the mailboxes.
    func restoreBreakersAndPauses() async throws(SpoolError) {
        let entries = try await spool.states(mailbox: Self.stateScope, prefix: "", after: nil, limit: 10_000)
        for entry in entries {
            let parts = entry.key.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "paused":
                scheduler.setPaused(true, mailbox: parts[1])
                pulled.setPaused(true, mailbox: parts[1])
            case "breaker":
                guard let value = entry.value, let until = try? JSON(parsing: value)["until"]?.string,
                    let time = try? Timestamp(parsing: until)
                else { continue }
                scheduler.reopenBreaker(of: parts[1], until: time)
            default: continue
            }
        }
    }

    private func checkKnown(_ mailbox: String) throws(ExchangeError) {
        guard mailboxes[mailbox] != nil else { throw .noMailbox(name: mailbox, known: mailboxes.keys.sorted()) }
    }

    private func store(_ key: String, _ value: [UInt8]?) async throws(ExchangeError) {
        do {
            try await spool.setStates([StateEntry(key: key, value: value)], mailbox: Self.stateScope)
        } catch {
            throw .spool(error.description)
        }
    }
}

/// How the outgoing half of a mailbox is.
public struct OutgoingStatus: Sendable, Hashable {
    /// A lane whose breaker is not closed.
    public struct OpenLane: Sendable, Hashable {
        /// The recipient.
        public var recipient: String
        /// Why it opened.
        public var reason: String
        /// When the next probe goes.
        public var nextProbe: String?
    }

    /// Whether an operator has paused it.
    public var isPaused: Bool
    /// How many attempts are under way.
    public var active: Int
    /// How many lanes have something to do or to remember.
    public var lanes: Int
    /// Why its breaker opened; `nil` when it is closed.
    public var breakerReason: String?
    /// When the next probe goes.
    public var nextProbe: String?
    /// Its lanes whose breakers are not closed, at most a hundred.
    public var openLanes: [OpenLane]
}
