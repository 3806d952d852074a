import Messages
import Spooling
import Synchronization

/// A spool whose calls fail when a test says so, before anything of them is done.
final class FailingSpool: MessageSpool {
    /// What a call about these dispatches, or these lanes, fails with; `nil` for not at all.
    typealias Verdict = @Sendable (Call, [Int64]) -> SpoolError?

    /// What the exchange asks a spool for by itself, and an operator's action.
    enum Call: CaseIterable {
        case begin, settle, load, expired, lanes, lanesOf, apply, resume, list
    }

    let spool: any MessageSpool
    private let verdict: Mutex<Verdict>
    private let made = Mutex<[Call: Int]>([:])

    /// Creates a spool that works.
    init(_ spool: any MessageSpool) {
        self.spool = spool
        verdict = Mutex { _, _ in nil }
    }

    /// Decides from now on which calls fail.
    func fail(_ verdict: @escaping Verdict) {
        self.verdict.withLock { $0 = verdict }
    }

    /// Lets all of these calls fail from now on, as a broken disk does.
    func fail(_ calls: Call...) {
        fail { call, _ in calls.contains(call) ? .disk(detail: "a test says so") : nil }
    }

    /// Lets every call through from now on.
    func heal() { fail { _, _ in nil } }

    /// How often a call was made, failed ones included.
    func count(of call: Call) -> Int { made.withLock { $0[call] ?? 0 } }

    private func check(_ call: Call, _ numbers: [Int64] = []) throws(SpoolError) {
        let error = verdict.withLock { $0 }(call, numbers)
        // Counted when it is decided, so that a test that has seen it may decide otherwise for the next.
        made.withLock { $0[call, default: 0] += 1 }
        if let error { throw error }
    }

    // MARK: What may fail

    func begin(_ attempts: [AttemptStart]) async throws(SpoolError) -> [Int64] {
        try check(.begin, attempts.map(\.number))
        return try await spool.begin(attempts)
    }

    func settle(_ settlement: Settlement) async throws(SpoolError) {
        try check(.settle, [settlement.number])
        try await spool.settle(settlement)
    }

    func settle(_ settlements: [Settlement]) async throws(SpoolError) {
        try check(.settle, settlements.map(\.number))
        try await spool.settle(settlements)
    }

    func load(_ lanes: [LaneID], dueBy time: Timestamp, limit: Int) async throws(SpoolError) -> [LaneLoad] {
        try check(.load, lanes.map(\.rawValue))
        return try await spool.load(lanes, dueBy: time, limit: limit)
    }

    func expired(by time: Timestamp, limit: Int) async throws(SpoolError) -> ExpiredDispatches {
        try check(.expired)
        return try await spool.expired(by: time, limit: limit)
    }

    func lanes(after lane: LaneID, limit: Int) async throws(SpoolError) -> [LaneSummary] {
        try check(.lanes)
        return try await spool.lanes(after: lane, limit: limit)
    }

    func lanes(of recipients: Set<Address>) async throws(SpoolError) -> [LaneID] {
        try check(.lanesOf)
        return try await spool.lanes(of: recipients)
    }

    /// Fails when the change is made, as it does when what was changed cannot be read.
    func apply(
        _ action: DispatchAction, to filter: DispatchFilter, by actor: String, at time: Timestamp, isDryRun: Bool
    ) async throws(SpoolError) -> [DispatchSummary] {
        let changed = try await spool.apply(action, to: filter, by: actor, at: time, isDryRun: isDryRun)
        try check(.apply)
        return changed
    }

    func resume(_ number: Int64, as entry: SpoolEntry, at time: Timestamp) async throws(SpoolError) -> Bool {
        try check(.resume)
        return try await spool.resume(number, as: entry, at: time)
    }

    func list(_ filter: DispatchFilter, before: Int64?, limit: Int) async throws(SpoolError) -> [DispatchSummary] {
        try check(.list)
        return try await spool.list(filter, before: before, limit: limit)
    }

    // MARK: What works

    var committed: AsyncStream<[SpooledDispatch]> { spool.committed }

    func interrupted() async throws(SpoolError) -> [Int64] { try await spool.interrupted() }

    func forgetInterrupted() async throws(SpoolError) { try await spool.forgetInterrupted() }

    func accept(_ entry: SpoolEntry) async throws(SpoolError) -> SpoolAcceptance { try await spool.accept(entry) }

    func accept(_ entries: [SpoolEntry]) async throws(SpoolError) -> [SpoolAcceptance] {
        try await spool.accept(entries)
    }

    func lease(
        lane: Address, _ terms: LeaseTerms, patience: Duration, at time: Timestamp
    ) async throws(SpoolError) -> LaneLease {
        try await spool.lease(lane: lane, terms, patience: patience, at: time)
    }

    func settle(
        _ leases: [Lease], lane: Address, as ending: LeaseEnding, at time: Timestamp
    ) async throws(SpoolError) -> [Bool] {
        try await spool.settle(leases, lane: lane, as: ending, at: time)
    }

    func shortenWaits(at time: Timestamp) async throws(SpoolError) -> Int {
        try await spool.shortenWaits(at: time)
    }

    func audit(before number: Int64?, limit: Int) async throws(SpoolError) -> [AuditRow] {
        try await spool.audit(before: number, limit: limit)
    }

    func remoteIDs(of message: MessageID) async throws(SpoolError) -> [RemoteID] {
        try await spool.remoteIDs(of: message)
    }

    func message(remoteID: String, mailbox: String) async throws(SpoolError) -> RemoteOrigin? {
        try await spool.message(remoteID: remoteID, mailbox: mailbox)
    }

    func trace(of message: MessageID) async throws(SpoolError) -> MessageTrace? {
        try await spool.trace(of: message)
    }

    func find(_ text: String, limit: Int) async throws(SpoolError) -> [FoundMessage] {
        try await spool.find(text, limit: limit)
    }

    func messages(_ query: MessageQuery, after sequence: Int64, limit: Int) async throws(SpoolError) -> MessagePage {
        try await spool.messages(query, after: sequence, limit: limit)
    }

    func traffic(since time: Timestamp) async throws(SpoolError) -> TrafficReport {
        try await spool.traffic(since: time)
    }

    func leave(_ note: AuditNote, changed: Int) async throws(SpoolError) {
        try await spool.leave(note, changed: changed)
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

    func setStates(_ changes: [StateEntry], mailbox: String) async throws(SpoolError) {
        try await spool.setStates(changes, mailbox: mailbox)
    }

    func sweep(settledBefore time: Timestamp) async throws(SpoolError) -> Int {
        try await spool.sweep(settledBefore: time)
    }

    func damaged() async throws(SpoolError) -> [DamagedRow] { try await spool.damaged() }

    func size() async throws(SpoolError) -> Int64 { try await spool.size() }

    func close() async { await spool.close() }
}
