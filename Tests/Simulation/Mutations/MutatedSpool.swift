import Messages
import Spooling
import Synchronization
import TestSupport

/// A spool with a fault, which shows now and then.
final class MutatedSpool: MessageSpool {
    let spool: any MessageSpool
    let committed: AsyncStream<[SpooledDispatch]>
    let mutation: Mutation
    private let random: Mutex<SeededRandom>

    init(_ spool: any MessageSpool, _ mutation: Mutation, seed: UInt64) {
        self.spool = spool
        self.mutation = mutation
        random = Mutex(SeededRandom(seed: seed ^ 0xF0))
        switch mutation {
        case .announcesBackwards: committed = Self.mapped(spool.committed) { $0.reversed() }
        case .forgetsToAnnounce: committed = Self.mapped(spool.committed) { $0.count > 1 ? Array($0.dropLast()) : $0 }
        default: committed = spool.committed
        }
    }

    private static func mapped(
        _ stream: AsyncStream<[SpooledDispatch]>,
        _ change: @escaping @Sendable ([SpooledDispatch]) -> [SpooledDispatch]
    ) -> AsyncStream<[SpooledDispatch]> {
        let (changed, continuation) = AsyncStream<[SpooledDispatch]>.makeStream()
        Task {
            for await batch in stream { continuation.yield(change(batch)) }
            continuation.finish()
        }
        return changed
    }

    func shows(_ share: Double = 0.3) -> Bool {
        random.withLock { Double.random(in: 0..<1, using: &$0) < share }
    }

    // MARK: The directory, in which nothing is broken

    func subscribe(
        _ address: Address, to pattern: TopicPattern, by creator: String, at time: Timestamp
    ) async throws(SpoolError) -> Subscription {
        try await spool.subscribe(address, to: pattern, by: creator, at: time)
    }

    func unsubscribe(_ id: Int64) async throws(SpoolError) -> Subscription? { try await spool.unsubscribe(id) }

    func subscriptions(
        after id: Int64, of address: Address?, limit: Int
    ) async throws(SpoolError) -> [Subscription] {
        try await spool.subscriptions(after: id, of: address, limit: limit)
    }

    func setList(_ list: ListRecord) async throws(SpoolError) { try await spool.setList(list) }

    func removeList(_ name: String) async throws(SpoolError) { try await spool.removeList(name) }

    func lists() async throws(SpoolError) -> [ListRecord] { try await spool.lists() }

    func setMembership(_ membership: ListMembership) async throws(SpoolError) {
        try await spool.setMembership(membership)
    }

    func memberships(after last: ListMembership?, limit: Int) async throws(SpoolError) -> [ListMembership] {
        try await spool.memberships(after: last, limit: limit)
    }

    // MARK: Changes

    func accept(_ entry: SpoolEntry) async throws(SpoolError) -> SpoolAcceptance {
        let entry = mutated(entry)
        switch mutation {
        case .acknowledgesEarly:
            let spool = spool
            Task { try? await spool.accept(entry) }
            return .accepted(numbers: [])
        case .acknowledgesWhenFull:
            do throws(SpoolError) {
                return try await spool.accept(entry)
            } catch {
                return .accepted(numbers: [])
            }
        case .hidesFullDisk:
            do throws(SpoolError) {
                return try await spool.accept(entry)
            } catch {
                throw .disk(detail: "\(error)")
            }
        default: return try await spool.accept(entry)
        }
    }

    func accept(_ entries: [SpoolEntry]) async throws(SpoolError) -> [SpoolAcceptance] {
        try await spool.accept(entries.map(mutated))
    }

    func mutated(_ entry: SpoolEntry) -> SpoolEntry {
        var entry = entry
        switch mutation {
        case .forgetsDedupe: entry.dedupe = nil
        case .forgetsHops: entry.envelope.received = []
        case .forgetsDepth: entry.envelope.depth = 0
        case .forgetsPriorities:
            for index in entry.dispatches.indices { entry.dispatches[index].priority = .normal }
        case .ignoresExpiry:
            entry.envelope.expires = nil
            for index in entry.dispatches.indices { entry.dispatches[index].expires = nil }
        case .ignoresDueTimes:
            for index in entry.dispatches.indices { entry.dispatches[index].due = entry.accepted }
        default: break
        }
        return entry
    }

    func begin(_ attempts: [AttemptStart]) async throws(SpoolError) -> [Int64] {
        switch mutation {
        case .forgetsToBegin where shows(): return attempts.map(\.number)
        case .ignoresOperators:
            _ = try await spool.begin(attempts)
            return attempts.map(\.number)
        default: return try await spool.begin(attempts)
        }
    }

    func settle(_ settlement: Settlement) async throws(SpoolError) {
        if mutation == .dropsSettlements, shows() { return }
        try await spool.settle(mutated(settlement))
        try await tellAgain(settlement)
    }

    func settle(_ settlements: [Settlement]) async throws(SpoolError) {
        if mutation == .dropsSettlements, shows() { return }
        try await spool.settle(settlements.map(mutated))
        for settlement in settlements { try await tellAgain(settlement) }
    }

    private func tellAgain(_ settlement: Settlement) async throws(SpoolError) {
        guard mutation == .bouncesTwice, case .dead(_, var bounce?) = settlement.outcome else { return }
        bounce.envelope.id = MessageID(high: UInt64(settlement.number), low: UInt64(settlement.attempt))
        _ = try await spool.accept(bounce)
    }

    func mutated(_ settlement: Settlement) -> Settlement {
        var settlement = settlement
        switch (mutation, settlement.outcome) {
        case (.settlesDeferredAsDelivered, .deferred):
            if shows() { settlement.outcome = .delivered(remoteIDs: [], detail: nil) }
        case (.ignoresRetryAfter, .deferred(let reason, _)):
            settlement.outcome = .deferred(reason: reason, due: settlement.finished)
        case (.forgetsRemoteIDs, .delivered(_, let detail)):
            settlement.outcome = .delivered(remoteIDs: [], detail: detail)
        case (.forgetsBounces, .dead(let reason, _)): settlement.outcome = .dead(reason: reason, bounce: nil)
        case (.bouncesBounces, .dead(let reason, nil)):
            settlement.outcome = .dead(reason: reason, bounce: bounce(of: settlement))
        default: break
        }
        return settlement
    }

    private func bounce(of settlement: Settlement) -> SpoolEntry? {
        guard let from = try? Address(platform: "local", user: "mailer-daemon"),
            let recipient = try? Address(platform: "local", user: "postmaster"),
            let topic = try? Topic(source: "local", class: "bounce")
        else { return nil }
        let bounce = Envelope(
            id: MessageID(high: UInt64(settlement.number), low: UInt64(settlement.attempt)), time: settlement.finished,
            from: from, topic: topic, kind: .bounce)
        return SpoolEntry(
            envelope: bounce, accepted: settlement.finished,
            dispatches: [
                DispatchDraft(recipient: recipient, due: settlement.finished, route: RouteOrigin(name: "bounce"))
            ])
    }

    func resume(_ number: Int64, as entry: SpoolEntry, at time: Timestamp) async throws(SpoolError) -> Bool {
        try await spool.resume(number, as: entry, at: time)
    }

    func setStates(_ changes: [StateEntry], mailbox: String) async throws(SpoolError) {
        try await spool.setStates(changes, mailbox: mailbox)
    }

    func sweep(settledBefore time: Timestamp) async throws(SpoolError) -> Int {
        if mutation == .sweepsUnsettled {
            var filter = DispatchFilter()
            filter.states = [.waiting]
            _ = try await spool.apply(.drop(reason: "swept"), to: filter, by: "sweep", at: time, isDryRun: false)
        }
        return try await spool.sweep(settledBefore: time)
    }

    func close() async {
        await spool.close()
    }

    // MARK: Questions

    func interrupted() async throws(SpoolError) -> [Int64] {
        mutation == .forgetsInterrupted ? [] : try await spool.interrupted()
    }

    func shortenWaits(at time: Timestamp) async throws(SpoolError) -> Int {
        try await spool.shortenWaits(at: time)
    }

    func forgetInterrupted() async throws(SpoolError) { try await spool.forgetInterrupted() }

    func audit(before number: Int64?, limit: Int) async throws(SpoolError) -> [AuditRow] {
        try await spool.audit(before: number, limit: limit)
    }

    func lanes(after lane: LaneID, limit: Int) async throws(SpoolError) -> [LaneSummary] {
        try await spool.lanes(after: lane, limit: limit)
    }

    func lanes(of recipients: Set<Address>) async throws(SpoolError) -> [LaneID] {
        try await spool.lanes(of: recipients)
    }

    func expired(by time: Timestamp, limit: Int) async throws(SpoolError) -> ExpiredDispatches {
        try await spool.expired(by: time, limit: limit)
    }

    func remoteIDs(of message: MessageID) async throws(SpoolError) -> [RemoteID] {
        try await spool.remoteIDs(of: message)
    }

    func message(remoteID: String, mailbox: String) async throws(SpoolError) -> RemoteOrigin? {
        guard mutation != .forgetsOwnMessages else { return nil }
        return try await spool.message(remoteID: remoteID, mailbox: mailbox)
    }

    func trace(of message: MessageID) async throws(SpoolError) -> MessageTrace? {
        try await spool.trace(of: message)
    }

    func find(_ text: String, limit: Int) async throws(SpoolError) -> [FoundMessage] {
        try await spool.find(text, limit: limit)
    }

    func traffic(since time: Timestamp) async throws(SpoolError) -> TrafficReport {
        try await spool.traffic(since: time)
    }

    func messages(_ query: MessageQuery, after sequence: Int64, limit: Int) async throws(SpoolError) -> MessagePage {
        try await spool.messages(query, after: sequence, limit: limit)
    }

    func leave(_ note: AuditNote, changed: Int) async throws(SpoolError) {
        try await spool.leave(note, changed: changed)
    }

    func list(_ filter: DispatchFilter, before: Int64?, limit: Int) async throws(SpoolError) -> [DispatchSummary] {
        try await spool.list(filter, before: before, limit: limit)
    }

    func counts() async throws(SpoolError) -> [DispatchState: Int] { try await spool.counts() }

    func state(mailbox: String, key: String) async throws(SpoolError) -> [UInt8]? {
        try await spool.state(mailbox: mailbox, key: key)
    }

    func states(
        mailbox: String, prefix: String, after: String?, limit: Int
    ) async throws(SpoolError) -> [StateEntry] {
        try await spool.states(mailbox: mailbox, prefix: prefix, after: after, limit: limit)
    }

    func damaged() async throws(SpoolError) -> [DamagedRow] { try await spool.damaged() }

    func size() async throws(SpoolError) -> Int64 { try await spool.size() }
}
