public import AdapterKit
import Clocks
import Logging
public import Messages
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
        // What programs have left in its lanes is delivered from now on.
        if pulled.set(name, isPulled ? limits : nil), !isPulled { lookAtLanes(of: name) }
        pump()
    }

    /// Lets no more dispatches go out by this mailbox; they are deferred until it comes back or they expire.
    public func uninstall(_ name: String) {
        mailboxes[name] = nil
        if pulled.set(name, nil) { lookAtLanes(of: name) }
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

    /// How the outgoing halves of the mailboxes are, by name.
    public func mailboxStatus() -> [String: OutgoingStatus] {
        mailboxes.keys.reduce(into: [:]) { result, name in
            result[name] = scheduler.status(of: name, at: clock.now)
        }
    }

    /// Takes up what earlier runs have remembered of the mailboxes.
    func restoreBreakersAndPauses() async throws(SpoolError) {
        var after: String?
        while true {
            let page = try await spool.states(mailbox: Self.stateScope, prefix: "", after: after, limit: 1_000)
            for entry in page where entry.key.hasPrefix("paused/") {
                let mailbox = String(entry.key.dropFirst("paused/".count))
                scheduler.setPaused(true, mailbox: mailbox)
                pulled.setPaused(true, mailbox: mailbox)
            }
            restore(breakers: page)
            guard page.count == 1_000, let last = page.last?.key else { break }
            after = last
        }
        if !breakers.unwritten.isEmpty { writeBreakers() }
        tellPostmaster(after: Self.reportPause)
    }

    func checkKnown(_ mailbox: String) throws(ExchangeError) {
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
        /// How its breaker is.
        public var breaker: BreakerStatus
    }

    /// Whether an operator has paused it.
    public var isPaused: Bool
    /// How many attempts are under way.
    public var active: Int
    /// How many lanes have something to do or to remember.
    public var lanes: Int
    /// What its breaker lets through.
    public var breaker: BreakerStatus
    /// How many of its lanes have breakers that are not closed.
    public var openLaneCount: Int
    /// The first hundred of those, by their recipients.
    public var openLanes: [OpenLane]
}

/// How a breaker is.
public struct BreakerStatus: Sendable, Hashable {
    /// What it lets through, in a word.
    public enum Word: String, Sendable, CaseIterable {
        /// Everything.
        case closed
        /// Nothing.
        case open
        /// One probe, which is under way.
        case halfOpen = "half-open"
    }

    /// What it lets through.
    public var word: Word
    /// Why it opened; `nil` when it is closed.
    public var reason: String?
    /// Since when it has been in trouble.
    public var since: Timestamp?
    /// When the next probe goes; `nil` while one is under way.
    public var nextProbe: Timestamp?

    /// Creates a status.
    public init(word: Word, reason: String? = nil, since: Timestamp? = nil, nextProbe: Timestamp? = nil) {
        self.word = word
        self.reason = reason
        self.since = since
        self.nextProbe = nextProbe
    }
}
