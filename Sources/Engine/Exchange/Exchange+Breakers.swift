import AdapterKit
import Clocks
import Logging
import Messages
import Spooling
import Synchronization

extension Exchange {
    /// How long the postmaster is not told of a breaker, so that many which open together are one message.
    static let reportPause = Duration.seconds(10)
    /// How long a breaker is remembered that nobody has needed since its probe was due.
    private static let recordLifetime = Duration.seconds(7 * 86_400)

    /// Takes note of what an attempt has changed about breakers.
    func note(_ changes: (lane: Breaker.Change?, mailbox: Breaker.Change?), of dispatch: SpooledDispatch) {
        let recipient = dispatch.recipient
        if let change = changes.lane {
            let breaker = scheduler.entries[dispatch.lane]?.lane?.breaker
            note(change, "lane", recipient.description, breaker?.record)
        }
        if let change = changes.mailbox {
            note(change, "mailbox", recipient.platform, scheduler.mailboxes[recipient.platform]?.breaker.record)
        }
    }

    private func note(_ change: Breaker.Change, _ kind: String, _ name: String, _ record: BreakerRecord?) {
        var notice: BreakerNotice?
        switch change {
        case .opened(let until):
            logger.warning("breaker opened", [kind: name, "until": until])
            // A probe that fails is no news.
            if let record, record.openings == 1 {
                notice = BreakerNotice(name: name, event: .opened, time: record.since, reason: record.reason)
            }
        case .closed:
            logger.info("breaker closed", [kind: name])
            notice = BreakerNotice(name: name, event: .closed, time: clock.now, reason: "")
        }
        breakers.note(name, record, notice)
        writeBreakers()
    }

    /// Has changes written, together with those that come while the last ones are on their way to the disk.
    func writeBreakers() {
        guard breakers.writing == nil else { return }
        breakers.writing = run {
            await $0.writeAllBreakers()
            $0.breakers.writing = nil
            $0.tellPostmaster(after: Self.reportPause)
        }
    }

    private func writeAllBreakers() async {
        while !breakers.unwritten.isEmpty {
            let entries = breakers.take()
            do {
                try await spool.setStates(entries, mailbox: Self.stateScope)
            } catch {
                breakers.putBack(entries)
                logger.warning("breakers cannot be remembered yet", ["breakers": entries.count, "error": "\(error)"])
                guard error != .closed, (try? await clock.sleep(for: .seconds(5))) != nil else { return }
            }
        }
    }

    /// Has the postmaster told what he does not know.
    func tellPostmaster(after pause: Duration) {
        guard breakers.telling == nil, !breakers.untold.isEmpty, !gate.withLock({ $0.isStopping }) else { return }
        breakers.telling = run {
            let isTime = (try? await $0.clock.sleep(for: pause)) != nil
            let isTold = isTime ? await $0.report() : true
            $0.breakers.telling = nil
            if isTime { $0.tellPostmaster(after: isTold ? Self.reportPause : .seconds(60)) }
        }
    }

    /// Sends the report the way of every message, so that routes may send it elsewhere too.
    private func report() async -> Bool {
        let notices = Array(breakers.untold.values)
        let state = routing.withLock { $0 }
        do {
            let report = BreakerReport(notices: notices, router: state.router, now: clock.now)
            _ = try await accept(report.arrival(id: identifiers.next(), postmaster: state.postmaster))
        } catch AcceptError.busy, AcceptError.full, AcceptError.unavailable {
            return false
        } catch {
            logger.error("postmaster cannot be told of breakers", ["breakers": notices.count, "error": "\(error)"])
        }
        breakers.told(notices)
        writeBreakers()
        return true
    }

    /// Takes up the breakers that were not closed when the router stopped, and what the postmaster was not told.
    func restore(breakers entries: [StateEntry]) {
        for entry in entries {
            let parts = entry.key.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let value = entry.value else { continue }
            if parts[0] == "notice", let notice = BreakerNotice(parsing: value) {
                breakers.untold[entry.key] = notice
            } else if parts[0] == "breaker", let record = BreakerRecord(parsing: value) {
                restore(parts[1], record)
            }
        }
    }

    private func restore(_ name: String, _ record: BreakerRecord) {
        var record = record
        // The clock may have been set back meanwhile.
        record.until = min(record.until, clock.now + Breaker.Policy.mailbox.maximumPause)
        if !name.contains(":") {
            scheduler.restoreBreaker(record, ofMailbox: name)
        } else if record.until + Self.recordLifetime < clock.now {
            breakers.note(name, nil, nil)
        } else if let recipient = try? Address(parsing: name) {
            scheduler.restoreBreaker(record, ofLane: recipient)
        }
    }

    /// Closes the breakers of a mailbox and its lanes, or that of one lane, and has the adapter forget what it has disabled.
    ///
    /// - Parameters:
    ///   - mailbox: the mailbox.
    ///   - user: the user whose lane alone is meant; `nil` for the mailbox with all its lanes.
    /// - Throws: ``ExchangeError``
    public func reset(mailbox: String, user: String? = nil) async throws(ExchangeError) {
        try checkKnown(mailbox)
        let address = try user.map { user throws(ExchangeError) in try lane(of: user, in: mailbox) }
        if address == nil, let adapter = mailboxes[mailbox]?.adapter as? any Resettable {
            do {
                try await adapter.reset()
            } catch {
                throw .spool("\(mailbox) cannot be reset: \(error)")
            }
        }
        let closed = scheduler.reset(mailbox, only: address)
        for name in closed {
            breakers.note(
                name, nil, BreakerNotice(name: name, event: .closed, time: clock.now, reason: "reset by hand"))
        }
        writeBreakers()
        await breakers.writing?.value
        logger.info(
            "mailbox reset", ["mailbox": mailbox, "lane": address?.description ?? "all", "closed": closed.count])
        pump()
    }

    private func lane(of user: String, in mailbox: String) throws(ExchangeError) -> Address {
        guard let address = try? Address(platform: mailbox, user: user) else {
            throw .noRecipient(address: "\(mailbox):\(user)", reason: "that is no address", nearest: nil)
        }
        return address
    }
}
