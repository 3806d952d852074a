public import AdapterKit
import Clocks
import Logging
import Messages
import Spooling
import Synchronization

extension Exchange: MessageAcceptor {
    /// Takes a message; see ``MessageAcceptor/accept(_:)``.
    public nonisolated func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        let prepared = try await prepare(arrival)
        guard case .entry(let entry) = prepared else { return try await acceptance(of: prepared) }
        return try await acceptance(
            of: entry, try await kept { () throws(SpoolError) in try await spool.accept(entry) })
    }

    /// Takes several messages in one transaction; see ``MessageAcceptor/accept(_:)``.
    public nonisolated func accept(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance] {
        var prepared: [Prepared] = []
        for arrival in arrivals { prepared.append(try await prepare(arrival)) }
        let entries = prepared.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
        var outcomes: [SpoolAcceptance] = []
        if !entries.isEmpty {
            outcomes = try await kept { () throws(SpoolError) in try await spool.accept(entries) }
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

    /// What the spool says of a commit; whether there was room is remembered for whoever asks how the router is.
    private nonisolated func kept<Outcome: Sendable>(
        _ commit: () async throws(SpoolError) -> Outcome
    ) async throws(AcceptError) -> Outcome {
        do {
            let outcome = try await commit()
            gate.withLock { $0.lastCommitFailure = nil }
            return outcome
        } catch {
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
            tellOfAcceptance(of: entry)
            let recipients = zip(numbers, entry.dispatches).map { number, draft in
                Acceptance.Recipient(dispatch: number, address: draft.recipient, route: draft.route.name)
            }
            return Acceptance(id: entry.envelope.id, recipients: recipients)
        case .duplicate(let first, let hasSameFingerprint):
            return try await repetition(of: first, hasSameFingerprint: hasSameFingerprint)
        }
    }

    private nonisolated func tellOfAcceptance(of entry: SpoolEntry) {
        let envelope = entry.envelope
        let recipients = entry.dispatches.map(\.recipient)
        feed.tell(
            .accepted(from: envelope.from, topic: envelope.topic, recipients: recipients), of: envelope.id,
            at: clock.now)
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
