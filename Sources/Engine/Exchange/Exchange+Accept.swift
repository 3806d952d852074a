public import AdapterKit
import Clocks
import Logging
import Messages
import Spooling
import Synchronization

extension Exchange: MessageAcceptor {
    /// Takes a message; see ``MessageAcceptor/accept(_:)``.
    public nonisolated func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        let start = clock.uptime
        let mailbox = arrival.envelope.topic.source
        do throws(AcceptError) {
            let acceptance = try await take(arrival)
            metrics.note(acceptance, mailbox: mailbox)
            metrics.accept.observe(clock.uptime - start)
            return acceptance
        } catch {
            metrics.noteRefusal(error, mailbox: mailbox)
            throw error
        }
    }

    /// Takes several messages in one transaction; see ``MessageAcceptor/accept(_:)``.
    public nonisolated func accept(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance] {
        let start = clock.uptime
        do throws(AcceptError) {
            let acceptances = try await take(arrivals)
            for (arrival, acceptance) in zip(arrivals, acceptances) {
                metrics.note(acceptance, mailbox: arrival.envelope.topic.source)
            }
            metrics.accept.observe(clock.uptime - start)
            return acceptances
        } catch {
            for arrival in arrivals { metrics.noteRefusal(error, mailbox: arrival.envelope.topic.source) }
            throw error
        }
    }

    private nonisolated func take(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        let prepared = try await prepare(arrival)
        guard case .entry(let entry) = prepared else { return try await acceptance(of: prepared) }
        let outcomes = try await kept([entry]) { () throws(SpoolError) in [try await spool.accept(entry)] }
        return try await acceptance(of: entry, outcomes[0])
    }

    private nonisolated func take(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance] {
        var prepared: [Prepared] = []
        for arrival in arrivals { prepared.append(try await prepare(arrival)) }
        let entries = prepared.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
        var outcomes: [SpoolAcceptance] = []
        if !entries.isEmpty {
            outcomes = try await kept(entries) { () throws(SpoolError) in try await spool.accept(entries) }
        }
        var result: [Acceptance] = []
        var next = outcomes.makeIterator()
        for item in prepared {
            if case .entry(let entry) = item, let outcome = next.next() {
                result.append(try await acceptance(of: entry, outcome))
            } else {
                result.append(try await acceptance(of: item))
            }
        }
        return result
    }

    /// What the spool says of a commit, which waits its turn; whether there was room is remembered for whoever asks how
    /// the router is.
    private nonisolated func kept(
        _ entries: [SpoolEntry], _ commit: () async throws(SpoolError) -> [SpoolAcceptance]
    ) async throws(AcceptError) -> [SpoolAcceptance] {
        let load = AcceptGate.Load(
            messages: entries.count, bytes: entries.reduce(0) { $0 + $1.envelope.inlineSize })
        try await pressure.enter(load)
        let start = clock.uptime
        do {
            let outcomes = try await commit()
            metrics.commit.observe(clock.uptime - start)
            pressure.leave(load, committed: lastSequence(of: entries, outcomes))
            gate.withLock { $0.lastCommitFailure = nil }
            return outcomes
        } catch {
            pressure.leave(load)
            note(error)
            throw error.acceptError
        }
    }

    /// Remembers that the disk does not keep messages, and tells the operator once; clients are told each time.
    private nonisolated func note(_ error: SpoolError) {
        let reason: String
        switch error {
        case .full: reason = "the disk has no room for messages"
        case .disk: reason = "the disk fails: messages cannot be stored"
        case .newerSchema, .unusable, .badFilter, .closed: return
        }
        let isNew = gate.withLock { gate in
            defer { gate.lastCommitFailure = reason }
            return gate.lastCommitFailure != reason
        }
        if isNew { logger.error("messages are refused", ["error": error]) }
    }

    /// The last message of these that the lanes will hear of.
    private nonisolated func lastSequence(of entries: [SpoolEntry], _ outcomes: [SpoolAcceptance]) -> Int64? {
        for (entry, outcome) in zip(entries, outcomes).reversed() {
            if case .accepted(let numbers) = outcome, let number = numbers.first,
                entry.dispatches.contains(where: { $0.state == .waiting })
            {
                return SpooledDispatch.sequence(ofNumber: number)
            }
        }
        return nil
    }

    /// What an arrival has become before it is written.
    private enum Prepared {
        case entry(SpoolEntry)
        /// Our own message comes back from the platform (design.md §8.4).
        case echo(of: MessageID)
        /// Typing and read receipts are worth nothing later, so they are not spooled.
        case fleeting(MessageID)
    }

    private nonisolated func prepare(_ arrival: Arrival) async throws(AcceptError) -> Prepared {
        if let reason = gate.withLock({ $0.isStopping ? "the router is stopping" : nil }) {
            throw .unavailable(reason: reason)
        }
        if let reason = gate.withLock({ $0.spoolIsFull }) { throw .full(reason: reason) }
        let envelope = arrival.envelope
        guard envelope.kind.isSpooled else { return .fleeting(envelope.id) }
        if let remoteID = arrival.remoteID, let known = try await origin(of: remoteID, mailbox: envelope.topic.source),
            known.wasDelivered
        {
            return .echo(of: known.message)
        }
        var answered: RemoteOrigin?
        if let inReplyTo = envelope.inReplyTo {
            answered = try await origin(of: inReplyTo, mailbox: envelope.topic.source)
        }
        let state = routing.withLock { $0 }
        return .entry(withExpiry(try Admission(state: state, now: clock.now).entry(for: arrival, answering: answered)))
    }

    /// Says when each dispatch is given up, so that it is found then wherever it waits.
    private nonisolated func withExpiry(_ entry: SpoolEntry) -> SpoolEntry {
        var entry = entry
        lifetimes.withLock { lifetimes in
            for index in entry.dispatches.indices {
                let draft = entry.dispatches[index]
                let stated = draft.expires ?? (draft.envelope ?? entry.envelope).expires
                entry.dispatches[index].expires =
                    stated ?? lifetimes[draft.recipient.platform].map { entry.accepted + $0 }
            }
        }
        return entry
    }

    private nonisolated func origin(of remoteID: String, mailbox: String) async throws(AcceptError) -> RemoteOrigin? {
        do {
            return try await spool.message(remoteID: remoteID, mailbox: mailbox)
        } catch {
            throw error.acceptError
        }
    }

    private nonisolated func acceptance(
        of entry: SpoolEntry, _ outcome: SpoolAcceptance
    ) async throws(AcceptError) -> Acceptance {
        switch outcome {
        case .accepted(let numbers):
            tellOfAcceptance(of: entry, numbers)
            let recipients = zip(numbers, entry.dispatches).map { number, draft in
                Acceptance.Recipient(dispatch: number, address: draft.recipient, route: draft.route.name)
            }
            return Acceptance(id: entry.envelope.id, recipients: recipients)
        case .duplicate(let first, let hasSameFingerprint):
            return try await repetition(of: first, hasSameFingerprint: hasSameFingerprint)
        }
    }

    private nonisolated func tellOfAcceptance(of entry: SpoolEntry, _ numbers: [Int64]) {
        let message = ExchangeEvent.Subject(entry.envelope)
        let now = clock.now
        feed.tell(.accepted(recipients: entry.dispatches.map(\.recipient)), of: message, at: now)
        for (number, draft) in zip(numbers, entry.dispatches) where draft.state != .waiting {
            let target = ExchangeEvent.Target(dispatch: number, recipient: draft.recipient, attempt: 0)
            let fact: ExchangeEvent.Fact =
                draft.state == .held
                ? .held(target, reason: draft.reason ?? "") : .dropped(target, reason: draft.reason ?? "")
            feed.tell(fact, of: message, at: now)
        }
    }

    private nonisolated func acceptance(of prepared: Prepared) async throws(AcceptError) -> Acceptance {
        switch prepared {
        case .echo(let id): try await repetition(of: id, hasSameFingerprint: true)
        case .fleeting(let id): Acceptance(id: id, recipients: [])
        case .entry(let entry): Acceptance(id: entry.envelope.id, recipients: [])
        }
    }

    private nonisolated func repetition(
        of id: MessageID, hasSameFingerprint: Bool
    ) async throws(AcceptError) -> Acceptance {
        var filter = DispatchFilter()
        filter.messages = [id]
        do {
            let found = try await spool.list(filter, before: nil, limit: SpoolEntry.maximumDispatches)
            let recipients = found.sorted { $0.number < $1.number }.map { summary in
                Acceptance.Recipient(dispatch: summary.number, address: summary.recipient, route: summary.route.name)
            }
            return Acceptance(
                id: id, recipients: recipients, isDuplicate: true, hasSameFingerprint: hasSameFingerprint)
        } catch {
            throw error.acceptError
        }
    }
}

extension SpoolError {
    /// What the sender of a message is told.
    var acceptError: AcceptError {
        switch self {
        case .full: .full(reason: "the router has no room for more messages")
        case .disk, .newerSchema, .unusable, .badFilter: .unavailable(reason: "the router cannot store messages")
        case .closed: .unavailable(reason: "the router is stopping")
        }
    }
}
